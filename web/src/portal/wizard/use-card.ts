import { useEffect, useState } from "preact/hooks";
import type { Signature } from "../../shared/contract.ts";
import { c } from "../case-texts.ts";
import { settings } from "../connection.ts";
import { useSubmission, type FormState } from "../forms/submission.ts";
import { answerFromRedirect, askByRedirect, askInWindow, prefersRedirect, type CardAnswer, type CardRequest } from "./card.ts";

interface CardUse {
  form: FormState;
  waiting: boolean;
  ask: () => void;
}

/** The button "hold your card": by window or redirect, and what becomes of the answer. */
export function useCard(purpose: CardRequest["purpose"], prepare: () => Promise<CardRequest>, signed: (signature: Signature) => Promise<void>): CardUse {
  const form = useSubmission(() => undefined);
  const [waiting, setWaiting] = useState(false);
  const take = async (answer: CardAnswer) => {
    if ("signature" in answer) return signed(answer.signature);
    if (answer.error === "blocked") return askByRedirect(await prepare());
    form.say([{ text: c(`card.${answer.error}`) }]);
  };
  const run = (work: () => Promise<void>) => {
    setWaiting(true);
    void form.submit([], work).finally(() => setWaiting(false));
  };
  const ask = () =>
    run(async () => {
      const url = settings.value?.card.url ?? "";
      if (prefersRedirect()) await askByRedirect(await prepare());
      else await take(await askInWindow(url, prepare));
    });
  useEffect(() => {
    const answer = answerFromRedirect(purpose);
    if (answer) run(() => take(answer));
  }, []);
  return { form, waiting, ask };
}
