import { useState } from "preact/hooks";
import { Button, NotificationBanner, Table, Tag, TextField } from "../shared/components/index.ts";
import type { Content } from "./seal/profile.ts";
import { comparePrinted, linesOf, type Comparison } from "./seal/printed.ts";
import { v } from "./texts.ts";

const KINDS = { MATCH: "success", INVALID_VISA_MRZ: "error", SEAL_VISA_MISMATCH: "error" } as const;

/** A printed visa beside its seal: its two lines are typed, or read by a device that types. */
export function PrintedVisa({ content, state }: { content: Content; state: string }) {
  const [lines, setLines] = useState<readonly string[]>(["", ""]);
  const [found, setFound] = useState<Comparison | null>(null);
  const change = (place: 0 | 1, text: string) => {
    setLines(lines.map((line, index) => (index === place ? text : line)));
    // What was found was found in other lines.
    setFound(null);
  };
  const line = (place: 0 | 1) => (
    <div dir="ltr" class="ryoji-verify-text">
      <TextField id={`line-${place}`} label={v(`verify.printed.line_${place}`)} plain capitals lang="zxx" autocomplete="off" value={lines[place] ?? ""} onChange={(text) => change(place, text)} />
    </div>
  );
  const compare = (event: Event) => {
    event.preventDefault();
    const both = linesOf(lines);
    setLines(both);
    setFound(comparePrinted(both, content, state));
  };
  return (
    <form class="ryoji-verify-source" onSubmit={compare} noValidate>
      <h3>{v("verify.printed.title")}</h3>
      <p>{v("verify.printed.hint")}</p>
      {line(0)}
      {line(1)}
      <Button type="submit" size="medium" variant="secondary">{v("verify.printed.compare")}</Button>
      {found && <NotificationBanner kind={KINDS[found.status]} title={v(`verify.printed.${found.status}`)} headingLevel={3} live />}
      {found && found.fields.length > 0 && (
        <Table
          caption={v("verify.printed.caption")}
          columns={[
            { id: "field", title: v("verify.printed.field"), header: true, cell: ({ field }) => v(`verify.field.${field}`) },
            { id: "printed", title: v("verify.printed.printed"), cell: ({ printed }) => <bdi lang="zxx">{printed}</bdi> },
            { id: "same", title: v("verify.printed.seal"), cell: ({ same }) => <Tag tone={same ? "green" : "red"}>{v(same ? "verify.printed.same" : "verify.printed.differs")}</Tag> },
          ]}
          rows={found.fields}
          rowKey={({ field }) => field}
        />
      )}
    </form>
  );
}
