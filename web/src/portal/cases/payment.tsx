import { useEffect, useRef, useState } from "preact/hooks";
import { Problem, Unreachable } from "../../shared/api.ts";
import type { CaseView } from "../../shared/contract.ts";
import { Button, ButtonRow, LinkButton, NotificationBanner, ProgressBar, SummaryList } from "../../shared/components/index.ts";
import { formatMoney } from "../../shared/format.ts";
import { language } from "../../shared/language.ts";
import type { CardPayment } from "../../payment/index.ts";
import { c, type CaseKey } from "../case-texts.ts";
import { api, fetchSettings } from "../connection.ts";
import { useSubmission } from "../forms/submission.ts";
import { links } from "../links.ts";
import { describeFailure } from "../loading.tsx";
import { Page } from "../page.tsx";
import { Closed } from "../wizard/section.tsx";
import { v } from "../travel-texts.ts";
import { refresh } from "./store.ts";
import { WithCase } from "./with-case.tsx";

/** Paying the fee by card. The case says whether it is paid, whatever this page has seen or missed. */
export function Payment({ id }: { id: string }) {
  return (
    <WithCase id={id}>
      {(kase) => {
        if (kase.fee?.status === "paid") return <Paid kase={kase} />;
        if (!kase.fee || !kase.may.includes("pay")) return <Closed kase={kase} title={c("payment.title")} />;
        return <Paying kase={kase} fee={kase.fee} />;
      }}
    </WithCase>
  );
}

interface Intent {
  client_secret: string;
  amount: number;
  currency: string;
}

interface PayingProps {
  kase: CaseView;
  fee: NonNullable<CaseView["fee"]>;
}

/** How the case stood when the payment was confirmed in the browser. */
interface Confirmed {
  failed: string | null | undefined;
  sequence: number;
  /** A try failed on this page before: word of it may come late, and is not word of the one that is waited for. */
  afterFailure: boolean;
}

/** The form, and the waiting after it until the case says that the payment came or failed. */
function Paying({ kase, fee }: PayingProps) {
  const [confirmed, setConfirmed] = useState<Confirmed | null>(null);
  const hasFailed = confirmed !== null && saysFailed(kase, fee, confirmed);
  useEffect(() => {
    if (hasFailed) setConfirmed(null);
  }, [hasFailed]);
  if (confirmed && !hasFailed) return <Waiting kase={kase} />;
  return <PaymentForm kase={kase} fee={fee} confirmed={(afterFailure) => setConfirmed({ failed: fee.failed, sequence: kase.sequence, afterFailure })} />;
}

/** The text alone would not do: in another language it is another one for the same failure. */
function saysFailed(kase: CaseView, fee: PayingProps["fee"], confirmed: Confirmed): boolean {
  return !confirmed.afterFailure && Boolean(fee.failed) && fee.failed !== confirmed.failed && kase.sequence > confirmed.sequence;
}

function PaymentForm({ kase, fee, confirmed }: PayingProps & { confirmed: (afterFailure: boolean) => void }) {
  const form = useSubmission(() => undefined);
  const place = useRef<HTMLDivElement>(null);
  const [card, setCard] = useState<CardPayment | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const failedHere = useRef(false);
  useEffect(() => {
    let left = false;
    let mounted: CardPayment | undefined;
    mount(kase.case_id, place.current)
      .then((made) => {
        mounted = made;
        if (left) made.unmount();
        else setCard(made);
      })
      .catch(async (error: unknown) => {
        // Paid in another tab, or not to be paid any more: the case says so, and is shown instead of this form.
        await refresh(kase.case_id).catch(() => undefined);
        if (!left) setProblem(error);
      });
    return () => {
      left = true;
      mounted?.unmount();
    };
  }, [kase.case_id]);
  const pay = (event: Event) => {
    event.preventDefault();
    if (!card) return;
    void form.submit([], async () => {
      const { status, code } = await card.confirm();
      if (status === "failed" || status === "requires_action") {
        failedHere.current = true;
        form.say([{ text: textOf(code) }]);
        card.focus();
        return;
      }
      confirmed(failedHere.current);
    });
  };
  return (
    <Page title={c("payment.title")} caption={kase.title} back={{ href: links.case(kase.case_id), text: c("wizard.to_case") }} errors={form.errors} mend={form.errors.length ? c("payment.not_charged") : undefined}>
      {fee.failed && !form.errors.length && <NotificationBanner kind="warning" title={fee.failed}><p>{c("payment.not_charged")}</p></NotificationBanner>}
      <SummaryList
        rows={[
          ...fee.items.map(({ label, amount }) => ({ key: label, value: formatMoney(amount, fee.currency) })),
          { key: c("fee.total"), value: <strong>{formatMoney(fee.total, fee.currency)}</strong> },
        ]}
      />
      {problem ? (
        <NoCardForm problem={problem} />
      ) : (
        <form noValidate onSubmit={pay}>
          <div class="ryoji-field" role="group" aria-labelledby="card-label">
            <p class="ryoji-field__label" id="card-label">{c("payment.card")}</p>
            <p class="ryoji-field__hint">{c("payment.card_hint")}</p>
            <div class="ryoji-card-field" ref={place} />
            {!card && <ProgressBar label={c("payment.loading")} />}
          </div>
          <p class="ryoji-note">{c("payment.once")}</p>
          <ButtonRow>
            <Button type="submit" busy={form.busy || !card}>{c("payment.pay", { amount: formatMoney(fee.total, fee.currency) })}</Button>
          </ButtonRow>
        </form>
      )}
    </Page>
  );
}

/** The server's own word where it has one; else it is the card form that could not be had. */
function NoCardForm({ problem }: { problem: unknown }) {
  const { title, detail, mend } = problem instanceof Problem || problem instanceof Unreachable ? describeFailure(problem) : { title: c("payment.code.unavailable"), detail: "", mend: "" };
  return (
    <>
      <NotificationBanner kind="error" title={title} live>
        {detail && detail !== title && <p>{detail}</p>}
        {mend && <p>{mend}</p>}
      </NotificationBanner>
      <ButtonRow><Button onClick={() => window.location.reload()}>{c("payment.reload")}</Button></ButtonRow>
    </>
  );
}

async function mount(caseId: string, place: HTMLElement | null): Promise<CardPayment> {
  const [{ mountCardPayment }, { stripe }, client] = await Promise.all([import("../../payment/index.ts"), fetchSettings(), api()]);
  const intent = await client.post<Intent>(`/cases/${caseId}/payment`);
  if (!place) throw new Error("the page was left");
  return mountCardPayment(place, {
    publishableKey: stripe.publishable_key,
    clientSecret: intent.client_secret,
    stripeJsUrl: stripe.js_url,
    language: language.value,
  });
}

const CODES = [
  "authentication_required",
  "authentication_failed",
  "card_not_supported",
  "limit_exceeded",
  "expired_card",
  "invalid_expiry",
  "incorrect_cvc",
  "incorrect_number",
  "incorrect_postcode",
  "insufficient_funds",
  "try_again",
  "test_card",
  "real_card",
  "canceled",
];

function textOf(code: string | undefined): string {
  return c(`payment.code.${code && CODES.includes(code) ? code : "card_declined"}` as CaseKey);
}

const PAUSE = 2000;
const PATIENCE = 45;

/** Confirmed in the browser; now the provider tells the ministry, and the case says so. */
function Waiting({ kase }: { kase: CaseView }) {
  const [looks, setLooks] = useState(0);
  useEffect(() => {
    if (looks >= PATIENCE) return;
    const timer = setTimeout(() => {
      refresh(kase.case_id)
        .catch(() => undefined)
        .finally(() => setLooks((count) => count + 1));
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [looks]);
  if (looks < PATIENCE) {
    return (
      <Page title={c("payment.waiting")} caption={kase.title} lead={c("payment.waiting_text")}>
        <ProgressBar label={c("payment.waiting_bar")} />
      </Page>
    );
  }
  return (
    <Page title={c("payment.slow")} caption={kase.title} lead={c("payment.slow_text")}>
      <ButtonRow>
        <Button onClick={() => setLooks(0)}>{c("payment.look_again")}</Button>
        <LinkButton variant="secondary" href={links.case(kase.case_id)}>{c("wizard.to_case")}</LinkButton>
      </ButtonRow>
    </Page>
  );
}

function Paid({ kase }: { kase: CaseView }) {
  return (
    <Page title={c("payment.paid")} caption={kase.title}>
      <NotificationBanner kind="success" title={kase.identity.assurance === "account" ? v("payment.paid") : c("payment.paid_text")} live />
      <p><a href={links.receipt(kase.case_id)}>{c("fee.receipt")}</a></p>
      <ButtonRow>
        <LinkButton href={links.case(kase.case_id)}>{c("wizard.to_case")}</LinkButton>
      </ButtonRow>
    </Page>
  );
}
