import type { CaseView } from "../../shared/contract.ts";
import { Button, Dialog } from "../../shared/components/index.ts";
import { links } from "../links.ts";
import { v } from "../travel-texts.ts";
import { Doubts } from "./missing.tsx";
import { nameOf, passportOf } from "./lines.ts";
import { doubtful } from "./pictures.ts";

interface ConfirmProps {
  /** What is sent when it is confirmed; null while nothing is asked. */
  shown: CaseView[] | null;
  onClose: () => void;
  send: (shown: CaseView[]) => void;
}

/** What will be sent, and what the agency declares by sending it. */
export function Confirm({ shown, onClose, send }: ConfirmProps) {
  const cases = shown ?? [];
  const doubts = cases.filter((kase) => doubtful(kase).length).length;
  return (
    <Dialog
      open={shown !== null}
      title={v("group.confirm", { count: cases.length })}
      onClose={onClose}
      actions={
        <>
          <Button variant="secondary" autofocus onClick={onClose}>{v("group.confirm_back")}</Button>
          <Button onClick={() => send(cases)}>{v("confirm.do")}</Button>
        </>
      }
    >
      <p><strong>{v("group.confirm_true")}</strong></p>
      <p>{v("confirm.text")}</p>
      {doubts > 0 && <p>{v("group.doubtful", { count: doubts })}</p>}
      <ul class="ryoji-list">
        {cases.map((kase) => (
          <li key={kase.case_id}>
            <a href={links.check(kase.case_id)}><bdi>{nameOf(kase)}</bdi></a> <bdi>{passportOf(kase)}</bdi> {v("group.confirm_documents", { count: sentWith(kase) })}
            {doubtful(kase).length > 0 && <ul class="ryoji-list"><Doubts kase={kase} /></ul>}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function sentWith({ documents }: CaseView): number {
  return documents.filter(({ supply, upload_id }) => supply === "upload" && upload_id !== null).length;
}
