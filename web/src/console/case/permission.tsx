import { useRef, useState } from "preact/hooks";
import type { DeskCase, Permission } from "../desk.ts";
import { useDraft } from "../draft.ts";
import { shortDate, useClock } from "../moments.ts";
import { Button, Confirm, Field, PermissionChip } from "../parts.tsx";
import { c } from "../texts.ts";
import { Block, ProblemOf, WhichCase } from "./actions.tsx";
import type { CaseFile } from "./case-file.ts";
import { type Change, changesOf } from "./verdict.ts";

interface PermissionProps {
  file: DeskCase;
  permission: Permission;
  held: CaseFile;
}

/** What was issued, how it stands, and what may become of it. */
export function PermissionBlock({ file, permission, held }: PermissionProps) {
  const [change, setChange] = useState<Change | null>(null);
  const changes = file.may.includes("change_permission") ? changesOf(permission.status) : [];
  return (
    <Block title={c(`permission.kind.${permission.kind}`)}>
      <p>
        <span class="desk-reference">{permission.number}</span> <PermissionChip status={permission.status} />
      </p>
      <dl class="desk-facts">
        <div>
          <dt>{c("permission.valid")}</dt>
          <dd>{c("permission.from_until", { from: shortDate(permission.valid_from), until: shortDate(permission.valid_until) })}</dd>
        </div>
        <div>
          <dt>{c("permission.allows")}</dt>
          <dd>
            {c(`permission.entries.${permission.entries}`)}, {c("permission.stay", { days: permission.stay_days })}
          </dd>
        </div>
      </dl>
      <Changes permission={permission} />
      {changes.length > 0 && (
        <div class="desk-buttons" role="group" aria-label={c("permission.change")}>
          {changes.map((each) => (
            <Button key={each} small onClick={() => setChange(each)}>
              {c(`permission.do.${each}`)}
            </Button>
          ))}
        </div>
      )}
      {change && <ChangeDialog change={change} file={file} permission={permission} held={held} onClose={() => setChange(null)} />}
    </Block>
  );
}

/** What became of it, by whom and on what ground, the latest first. */
function Changes({ permission }: { permission: Permission }) {
  const { shortMoment } = useClock();
  if (permission.changes.length === 0) return null;
  return (
    <ul class="desk-list" aria-label={c("permission.changes")}>
      {permission.changes.map(({ status, at, by, ground }) => (
        <li key={at}>
          {ground && <span class="desk-written">{ground}</span>}
          <span class="desk-line desk-quiet">{c("permission.changed", { state: c(`permission.state.${status}`), name: by, at: shortMoment(at) })}</span>
        </li>
      ))}
    </ul>
  );
}

/** The ground is asked where the deed is confirmed, so that neither is done without the other. */
function ChangeDialog({ change, file, permission, held, onClose }: PermissionProps & { change: Change; onClose: () => void }) {
  const [ground, keep, drop] = useDraft(`${file.case_id}.permission`, "");
  const [missing, setMissing] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const send = async () => {
    setMissing(!ground.trim());
    if (!ground.trim()) return body.current?.querySelector("textarea")?.focus();
    const done = await held.act("permission", { status: change, ground: ground.trim() });
    if (!done) return undefined;
    drop();
    return onClose();
  };
  return (
    <Confirm title={c(`permission.confirm.${change}`)} deed={c(`permission.do.${change}`)} danger={change !== "active"} busy={held.busy === "permission"} onConfirm={() => void send()} onBack={onClose}>
      <div class="desk-dialog__form" ref={body}>
        <WhichCase file={file} />
        <p class="desk-reference">{permission.number}</p>
        <p>{c(`permission.then.${change}`)}</p>
        <Field label={c("permission.ground")} hint={c("permission.ground_hint")} error={missing && !ground.trim() ? c("permission.error.ground") : undefined}>
          {(control) => (
            <textarea {...control} class="desk-input" rows={3} maxLength={400} required value={ground} onInput={(event) => keep(event.currentTarget.value)} />
          )}
        </Field>
        <ProblemOf action="permission" held={held} />
      </div>
    </Confirm>
  );
}
