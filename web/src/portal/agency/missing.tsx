import type { CaseView } from "../../shared/contract.ts";
import { links } from "../links.ts";
import { v } from "../travel-texts.ts";
import { documentState } from "../wizard/document-state.ts";
import { errorsOf, type Line } from "./lines.ts";
import { doubtful, worstReason } from "./pictures.ts";

/** What one application still waits for, what is doubtful in it, and what the server said of its line. */
export function Missing({ line }: { line: Line }) {
  const { kase } = line;
  if (kase.status !== "draft") return <bdi>{kase.reference}</bdi>;
  const errors = errorsOf(line);
  const absent = absentIn(kase);
  if (!errors.length && !line.kept.length && !absent.length && !doubtful(kase).length) return <>{v("group.ready")}</>;
  return (
    <ul class="ryoji-list">
      {errors.map((text) => <li key={text} class="ryoji-field__error">{text}</li>)}
      {absent.map((title) => <li key={title}>{title}</li>)}
      <Doubts kase={kase} />
      {line.kept.map((id) => <li key={id}>{v("group.kept", { section: kase.sections.find((section) => section.id === id)?.title ?? id })}</li>)}
    </ul>
  );
}

function absentIn({ sections, documents }: CaseView): string[] {
  return [
    ...sections.filter(({ status }) => status === "todo").map(({ title }) => title),
    ...documents.filter(({ status, required, supply }) => required && supply === "upload" && status === "missing").map(({ title }) => title),
  ];
}

/** Each document that was found wanting, with its gravest reason; its own page tells all of them. */
export function Doubts({ kase }: { kase: CaseView }) {
  return (
    <>
      {doubtful(kase).map((held) => {
        const reason = worstReason(held);
        return (
          <li key={held.id}>
            <a href={links.document(kase.case_id, held.id)}>{held.title}</a>: {reason?.text ?? documentState(held).text} {reason?.mend}
          </li>
        );
      })}
    </>
  );
}
