import { useState } from "preact/hooks";
import type { CaseView } from "../../shared/contract.ts";
import { Button, Dialog } from "../../shared/components/index.ts";
import { c } from "../case-texts.ts";
import { describeFailure } from "../loading.tsx";
import { focusHeading } from "../page.tsx";
import { v } from "../travel-texts.ts";
import { change } from "./store.ts";

/** Taking the application back, after a question: it cannot be undone. */
export function Withdrawal({ kase }: { kase: CaseView }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  if (!kase.may.includes("withdraw")) return null;
  const withdraw = async () => {
    setBusy(true);
    setError(null);
    try {
      await change((client) => client.post<CaseView>(`/cases/${kase.case_id}/withdrawal`));
      setAsking(false);
      window.scrollTo(0, 0);
      focusHeading();
    } catch (problem) {
      setError(describeFailure(problem).detail);
    } finally {
      setBusy(false);
    }
  };
  const draft = kase.status === "draft";
  return (
    <section class="ryoji-section ryoji-withdrawal" aria-labelledby="withdrawal">
      <h2 id="withdrawal">{draft ? c("withdrawal.draft_title") : c("withdrawal.title")}</h2>
      <p>{draft ? c("withdrawal.draft_text") : (kase.identity.assurance === "account" ? v("withdrawal.text") : c("withdrawal.text"))}</p>
      <Button variant="secondary" size="medium" onClick={() => setAsking(true)}>{draft ? c("withdrawal.draft_do") : c("withdrawal.do")}</Button>
      <Dialog
        open={asking}
        title={draft ? c("withdrawal.draft_sure") : c("withdrawal.sure")}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button variant="secondary" onClick={() => setAsking(false)}>{draft ? c("withdrawal.draft_keep") : c("withdrawal.keep")}</Button>
            <Button variant="danger" busy={busy} onClick={withdraw}>{draft ? c("withdrawal.draft_confirm") : c("withdrawal.confirm")}</Button>
          </>
        }
      >
        <p>{draft ? c("withdrawal.draft_sure_text") : c("withdrawal.sure_text")}</p>
        {error && <p role="alert" class="ryoji-field__error">{error}</p>}
      </Dialog>
    </section>
  );
}
