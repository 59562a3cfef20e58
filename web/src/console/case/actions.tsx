import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { formatMoney } from "../../shared/format.ts";
import { describe, isLanguage, languages } from "../../shared/language.ts";
import { me } from "../connection.ts";
import type { DeskCase, Proposal } from "../desk.ts";
import { useDraft } from "../draft.ts";
import { useClock } from "../moments.ts";
import { Button, Choice, Confirm, Field, focusFirstError, Mark, Notice, ProblemNotice } from "../parts.tsx";
import { handoverUrl } from "../places.ts";
import { c, textOfCode } from "../texts.ts";
import type { CaseFile } from "./case-file.ts";
import { CorrectionForm } from "./correction-form.tsx";
import { InterviewNotes, InterviewRequest } from "./interviews.tsx";
import { OriginalsBlock } from "./originals.tsx";
import { PermissionBlock } from "./permission.tsx";
import { ScreeningFirst } from "./screening.tsx";
import { lacksScreening, openHits } from "./verdict.ts";
import { missingInProposal, NO_PROPOSAL, type ProposalDraft, type ProposalField, proposalBody } from "./proposal.ts";

interface ActionProps {
  file: DeskCase;
  held: CaseFile;
}

/** What this officer may do with the case now, one block each; the server says what that is. */
export function Actions({ file, held }: ActionProps) {
  const officer = me.value?.officer;
  const may = (ability: DeskCase["may"][number]) => file.may.includes(ability);
  const proposedByMe = file.proposal !== null && file.proposal.by.officer === officer && file.status === "in_review";
  const nothing = file.may.length === 0 && !proposedByMe;
  return (
    <div class="desk-actions">
      {file.permission && <PermissionBlock file={file} permission={file.permission} held={held} />}
      {file.decision && <Decided file={file} />}
      {file.proposal && <ProposalMade proposal={file.proposal} file={file} />}
      {proposedByMe && (
        <Notice tone="warning" title={c("decide.own_title")}>
          <p>{c("decide.own")}</p>
        </Notice>
      )}
      {may("claim") && !may("decide") && <ClaimHint held={held} />}
      {may("decide") && !proposedByMe && file.proposal && <Decide file={file} held={held} proposal={file.proposal} />}
      {waitsForHits(file) && <HitsFirst file={file} />}
      {may("decide") && <HitsSince file={file} />}
      {(may("propose") || may("decide")) && lacksScreening(file.findings) && <ScreeningFirst />}
      {file.originals.length > 0 && <OriginalsBlock file={file} held={held} />}
      {may("note_interview") && <InterviewNotes file={file} held={held} />}
      <ProposeBlock file={file} held={held} open={may("propose")} />
      {may("request_correction") && <CorrectionForm file={file} held={held} />}
      {may("request_interview") && <InterviewRequest file={file} held={held} />}
      {(may("counter_check") || may("hand_over")) && (
        <Block title={c("counter.title")}>
          <a class="ryoji-button" data-variant="primary" data-size="medium" href={handoverUrl(file.case_id)}>
            {c("counter.open")}
          </a>
        </Block>
      )}
      {nothing && <p class="desk-quiet">{c("actions.nothing", { status: file.status_text })}</p>}
      <NextStep file={file} />
    </div>
  );
}

/** The officer who would propose cannot yet: a hit that nobody has decided comes first. */
function waitsForHits(file: DeskCase): boolean {
  return file.may.includes("decide_hits") && !file.may.includes("propose") && !file.proposal && openHits(file.hits).length > 0;
}

function HitsFirst({ file }: { file: DeskCase }) {
  return (
    <Block title={c("propose.title")}>
      <p>{c("propose.hits_open", { count: openHits(file.hits).length })}</p>
      <p>
        <a href="#hits">{c("propose.to_hits")}</a>
      </p>
    </Block>
  );
}

/** A hit came to light after the proposal: who would decide on it sends the case back, so that somebody looks at it. */
function HitsSince({ file }: { file: DeskCase }) {
  const count = openHits(file.hits).length;
  if (count === 0) return null;
  return (
    <Notice tone="warning" title={c("decide.hits_since", { count })}>
      <p>{c("decide.hits_send_back")}</p>
      <p>
        <a href="#hits">{c("propose.to_hits")}</a>
      </p>
    </Notice>
  );
}

export function Block({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="desk-block" aria-label={title}>
      <h3 class="desk-block__title">{title}</h3>
      {children}
    </section>
  );
}

/** The problem of one action, next to it; after a conflict also that the case was read again and nothing typed is lost. */
export function ProblemOf({ action, held }: { action: string; held: CaseFile }) {
  if (held.problem?.action !== action) return null;
  return <ProblemNotice error={held.problem.error} notice={held.problem.reread ? c("conflict.kept") : undefined} />;
}

function ClaimHint({ held }: { held: CaseFile }) {
  return (
    <Block title={c("claim.title")}>
      <p>{c("claim.hint")}</p>
      <Button kind="primary" busy={held.busy === "claim"} onClick={() => void held.act("claim")}>
        {c("claim.do")}
      </Button>
      <ProblemOf action="claim" held={held} />
    </Block>
  );
}

/** Once it was decided on, its ground and reasons stand in the decision, which are the same. */
function ProposalMade({ proposal, file }: { proposal: Proposal; file: DeskCase }) {
  const { shortMoment } = useClock();
  const ground = file.grounds.find((each) => each.id === proposal.ground);
  return (
    <Block title={c("proposal.title")}>
      <p class="desk-proposal" data-outcome={proposal.outcome}>
        <Mark tone={proposal.outcome === "approve" ? "good" : "bad"} />
        <strong>{c(`proposal.${proposal.outcome}`)}</strong>
      </p>
      <p class="desk-quiet">{c("proposal.by", { name: proposal.by.name, at: shortMoment(proposal.at) })}</p>
      <dl class="desk-facts">
        {proposal.ground && !file.decision && <Fact name={c("propose.ground")}>{ground?.text ?? proposal.ground}</Fact>}
        {proposal.reasons && !file.decision && (
          <Fact name={c("propose.reasons")}>
            <span class="desk-written" lang={file.language}>
              {proposal.reasons}
            </span>
          </Fact>
        )}
        {proposal.note && <Fact name={c("propose.note")}>{proposal.note}</Fact>}
      </dl>
    </Block>
  );
}

function Decided({ file }: { file: DeskCase }) {
  const { shortMoment } = useClock();
  const decision = file.decision;
  if (!decision) return null;
  return (
    <Block title={c("decision.title")}>
      <p class="desk-proposal" data-outcome={decision.outcome === "approved" ? "approve" : "refuse"}>
        <Mark tone={decision.outcome === "approved" ? "good" : "bad"} />
        <strong>{c(`decision.${decision.outcome}`)}</strong>
      </p>
      <p class="desk-quiet">{c("proposal.by", { name: decision.by.name, at: shortMoment(decision.at) })}</p>
      <dl class="desk-facts">
        {decision.ground && <Fact name={c("propose.ground")}>{decision.ground}</Fact>}
        {decision.reasons && (
          <Fact name={c("propose.reasons")}>
            <span class="desk-written" lang={file.language}>
              {decision.reasons}
            </span>
          </Fact>
        )}
        {decision.note && <Fact name={c("propose.note")}>{decision.note}</Fact>}
      </dl>
    </Block>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The proposal's form. When the case moved on meanwhile, what was typed is still here to be read and copied. */
function ProposeBlock({ file, held, open }: ActionProps & { open: boolean }) {
  const [draft, keep, drop] = useDraft<ProposalDraft>(`${file.case_id}.proposal`, NO_PROPOSAL);
  const typed = (draft.reasons + draft.note).trim();
  if (open) return <Propose file={file} held={held} draft={draft} keep={keep} drop={drop} />;
  if (!typed) return <ProblemOf action="proposal" held={held} />;
  return (
    <Block title={c("propose.kept_title")}>
      <ProblemOf action="proposal" held={held} />
      <p>{c("propose.kept")}</p>
      <p class="desk-written">{typed}</p>
      <Button small onClick={drop}>
        {c("propose.discard")}
      </Button>
    </Block>
  );
}

interface ProposeProps extends ActionProps {
  draft: ProposalDraft;
  keep: (draft: ProposalDraft) => void;
  drop: () => void;
}

function Propose({ file, held, draft, keep, drop }: ProposeProps) {
  const [tried, setTried] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const written = file.refusal_reasons === "written";
  const missing = missingInProposal(draft, file.refusal_reasons);
  const errorOf = (field: ProposalField) => (tried && missing.includes(field) ? c(`propose.error.${field}`) : undefined);
  const change = (part: Partial<ProposalDraft>) => keep({ ...draft, ...part });

  const ask = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (missing.length === 0) setConfirming(true);
    else focusFirstError(event.currentTarget);
  };
  const send = async () => {
    const done = await held.act("proposal", proposalBody(draft, file.refusal_reasons));
    setConfirming(false);
    if (done) drop();
  };
  const refusing = draft.outcome === "refuse";
  const ground = file.grounds.find((each) => each.id === draft.ground);

  return (
    <Block title={c("propose.title")}>
      <form onSubmit={ask} noValidate>
        <Choice
          legend={c("propose.outcome")}
          name="outcome"
          value={draft.outcome}
          error={errorOf("outcome")}
          options={[
            { value: "approve", label: c("propose.approve") },
            { value: "refuse", label: c("propose.refuse") },
          ]}
          onChange={(outcome) => change({ outcome: outcome as "approve" })}
        />
        {refusing && (
          <>
            <Choice
              legend={c(file.family === "passport" ? "propose.ground_passport" : "propose.ground")}
              name="ground"
              value={draft.ground}
              error={errorOf("ground")}
              options={file.grounds.map(({ id, text }) => ({ value: id, label: text }))}
              onChange={(value) => change({ ground: value })}
            />
            {written ? (
              <Field label={c("propose.reasons")} hint={c("propose.reasons_hint", { language: nameOfLanguage(file.language) })} error={errorOf("reasons")}>
                {(control) => (
                  <textarea {...control} class="desk-input" rows={6} lang={file.language} value={draft.reasons} onInput={(event) => change({ reasons: event.currentTarget.value })} />
                )}
              </Field>
            ) : (
              <p class="desk-quiet">{c("propose.not_told")}</p>
            )}
          </>
        )}
        <Field label={c("propose.note")} hint={c("propose.note_hint")}>
          {(control) => (
            <textarea {...control} class="desk-input" rows={2} value={draft.note} onInput={(event) => change({ note: event.currentTarget.value })} />
          )}
        </Field>
        <Button type="submit" kind="primary">
          {c("propose.next")}
        </Button>
      </form>
      <ProblemOf action="proposal" held={held} />
      {confirming && (
        <Confirm
          title={c(refusing ? "propose.confirm_refuse" : "propose.confirm_approve")}
          deed={c(refusing ? "propose.do_refuse" : "propose.do_approve")}
          danger={refusing}
          busy={held.busy === "proposal"}
          onConfirm={() => void send()}
          onBack={() => setConfirming(false)}
        >
          <WhichCase file={file} />
          {refusing && (
            <dl class="desk-facts">
              <Fact name={c("propose.ground")}>{ground?.text ?? draft.ground}</Fact>
              {written && (
                <Fact name={c("propose.reasons")}>
                  <span class="desk-written">{draft.reasons.trim()}</span>
                </Fact>
              )}
            </dl>
          )}
          <p>{c("propose.then")}</p>
        </Confirm>
      )}
    </Block>
  );
}

/** Agree with a colleague's proposal or send it back: what differs from it needs a proposal of its own. */
function Decide({ file, held, proposal }: ActionProps & { proposal: Proposal }) {
  const [draft, keep, drop] = useDraft(`${file.case_id}.decision`, { outcome: "", note: "" });
  const [tried, setTried] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const sendingBack = draft.outcome === "send_back";
  const noteMissing = sendingBack && !draft.note.trim();

  const ask = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (draft.outcome && !noteMissing) setConfirming(true);
    else focusFirstError(event.currentTarget);
  };
  const send = async () => {
    const note = draft.note.trim();
    const done = await held.act("decision", note ? { outcome: draft.outcome, note } : { outcome: draft.outcome });
    setConfirming(false);
    if (done) drop();
  };
  const refusing = draft.outcome === "refuse";
  const deed = sendingBack ? "send_back" : refusing ? "refuse" : "approve";

  return (
    <Block title={c("decide.title")}>
      <form onSubmit={ask} noValidate>
        <Choice
          legend={c("decide.outcome")}
          name="decision"
          value={draft.outcome}
          error={tried && !draft.outcome ? c("decide.error.outcome") : undefined}
          options={[
            { value: proposal.outcome, label: c(`decide.${proposal.outcome}`), hint: c("decide.as_proposed") },
            { value: "send_back", label: c("decide.send_back"), hint: c("decide.send_back_hint") },
          ]}
          onChange={(outcome) => keep({ ...draft, outcome })}
        />
        <Field
          label={c(sendingBack ? "decide.note_needed" : "propose.note")}
          hint={c("propose.note_hint")}
          error={tried && noteMissing ? c("decide.error.note") : undefined}
        >
          {(control) => (
            <textarea {...control} class="desk-input" rows={3} value={draft.note} onInput={(event) => keep({ ...draft, note: event.currentTarget.value })} />
          )}
        </Field>
        <Button type="submit" kind="primary">
          {c("decide.next")}
        </Button>
      </form>
      <ProblemOf action="decision" held={held} />
      {confirming && (
        <Confirm
          title={c(`decide.confirm_${deed}`)}
          deed={c(`decide.do_${deed}`)}
          danger={refusing}
          busy={held.busy === "decision"}
          onConfirm={() => void send()}
          onBack={() => setConfirming(false)}
        >
          <WhichCase file={file} />
          <p>{c(consequenceOf(deed, file))}</p>
        </Confirm>
      )}
    </Block>
  );
}

/** What becomes of the decision: where a procedure has no fee none is spoken of, and who is told no ground learns none. */
function consequenceOf(deed: "approve" | "refuse" | "send_back", file: DeskCase) {
  if (deed === "refuse" && file.refusal_reasons === "general") return "decide.then_refuse_general";
  if (deed === "approve" && !file.stages.some(({ id }) => id === "payment")) return "decide.then_approve_free";
  return `decide.then_${deed}` as const;
}

export function WhichCase({ file }: { file: DeskCase }) {
  return (
    <p class="desk-which">
      <span class="desk-reference">{file.reference}</span> {file.applicant.name}
      <span class="desk-line">{file.title}</span>
    </p>
  );
}

function NextStep({ file }: { file: DeskCase }) {
  const fee = file.fee;
  return (
    <Block title={c("state.title")}>
      <ol class="desk-stages">
        {file.stages.map((stage) => (
          <li key={stage.id} data-state={stage.state} aria-current={stage.state === "now" ? "step" : undefined}>
            <Mark tone={stage.state === "done" ? "good" : stage.state === "now" ? "info" : "none"} />
            {stage.title}
            <span class="ryoji-visually-hidden"> {c(`state.${stage.state}`)}</span>
          </li>
        ))}
      </ol>
      {file.next.text && <p>{file.next.text}</p>}
      {fee && (
        <p class="desk-quiet">
          {c("state.fee", { amount: formatMoney(fee.total, fee.currency), status: textOfCode("fee", fee.status) })}
        </p>
      )}
      {file.payment_flags?.map((flag) => (
        <Notice key={flag} tone="warning" title={textOfCode("money", flag)} />
      ))}
      {file.correction && (
        <ul class="desk-list">
          {file.correction.items.map((item) => (
            <li key={item.item}>
              {item.title}: {item.reason}
            </li>
          ))}
        </ul>
      )}
    </Block>
  );
}

export function nameOfLanguage(code: string): string {
  return isLanguage(code) ? describe(code).name : (languages[0]?.name ?? code);
}
