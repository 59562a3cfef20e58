import { useLocation } from "preact-iso";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CaseDocument, CaseView, DocumentDescription, Finding } from "../../shared/contract.ts";
import { Button, ButtonRow, Field, LinkButton, NotificationBanner, ProgressBar, describedBy } from "../../shared/components/index.ts";
import { formatList, formatNumber, formatSize } from "../../shared/format.ts";
import { c } from "../case-texts.ts";
import type { Described } from "../cases/store.ts";
import { WithDescription } from "../cases/with-case.tsx";
import { useSubmission } from "../forms/submission.ts";
import { links } from "../links.ts";
import { Page } from "../page.tsx";
import { NotFound } from "../pages/not-found.tsx";
import { Camera, hasCamera } from "./camera.tsx";
import { gravest, runChecks } from "./checks.ts";
import { FindingReport } from "./finding.tsx";
import { isOpen, sayMended } from "./mended.ts";
import { cropped, useObjectUrl, useStoredPicture } from "./picture.tsx";
import { Closed } from "./section.tsx";
import { backward, onward, placeOf, stepsOf } from "./steps.ts";
import { faultOfFile, formatName, limitsOf, upload, type Limits } from "./upload.ts";

/** One document: sent, accepted and checked at once, with what to do about what was found. */
export function Document({ id, document }: { id: string; document: string }) {
  return (
    <WithDescription id={id}>
      {(kase, described) => {
        const held = kase.documents.find((each) => each.id === document);
        const description = described.procedure.documents.find((each) => each.id === document);
        if (!held || !description) return <NotFound />;
        if (!isOpen(kase, `documents/${document}`)) return <Closed kase={kase} title={held.title} />;
        return <DocumentPage key={document} kase={kase} described={described} held={held} description={description} />;
      }}
    </WithDescription>
  );
}

interface DocumentPageProps {
  kase: CaseView;
  described: Described;
  held: CaseDocument;
  description: DocumentDescription;
}

type Phase = { at: "rest" } | { at: "sending"; share: number } | { at: "checking" };

function DocumentPage({ kase, described, held, description }: DocumentPageProps) {
  const { query, route } = useLocation();
  const form = useSubmission(() => "file");
  const [phase, setPhase] = useState<Phase>({ at: "rest" });
  const [again, setAgain] = useState(false);
  // Here and not with its input: the input goes while the picture is sent, and when that fails the picture is still chosen.
  const [file, setFile] = useState<File | null>(null);
  const isSent = held.upload_id !== null && !again;
  const changing = useFocusKept(`${phase.at} ${isSent}`);
  const place = placeOf(stepsOf(kase, described.procedure), "document", held.id);
  const limits = limitsOf(description);
  if (!place) return <NotFound />;

  const send = (chosen: File | null) => {
    const fault = chosen ? faultOfFile(chosen, limits) : "missing";
    const values = { size: formatSize(limits.maxBytes), formats: formatList(limits.contentTypes.map(formatName)) };
    void form.submit(fault ? [{ field: "file", text: c(`file.${fault}`, values) }] : [], async () => {
      if (!chosen) return;
      try {
        setPhase({ at: "sending", share: 0 });
        await upload(kase.case_id, held.id, chosen, (share) => setPhase({ at: "sending", share }));
        // It is there, whatever becomes of its checks.
        setAgain(false);
        setFile(null);
        setPhase({ at: "checking" });
        await runChecks(kase.case_id, held);
      } finally {
        setPhase({ at: "rest" });
      }
    });
  };
  const goOn = () =>
    void form.submit([], async () => {
      const after = await sayMended(kase, `documents/${held.id}`);
      route(onward(after, place, query["return"]));
    });
  const reason = kase.correction?.items.find(({ item }) => item === `documents/${held.id}`)?.reason;
  return (
    <Page
      title={held.title}
      caption={kase.title}
      back={{ href: backward(kase, place, query["return"]) }}
      lead={description.hint}
      errors={form.errors}
      mend={form.mend}
    >
      {reason && <NotificationBanner kind="warning" title={c("correction.asked")}><p dir="auto">{reason}</p></NotificationBanner>}
      <section ref={changing} tabIndex={-1} aria-label={held.title}>
        {phase.at !== "rest" && <Progress phase={phase} />}
        {phase.at === "rest" && isSent && <Sent kase={kase} held={held} busy={form.busy} goOn={goOn} retake={() => setAgain(true)} send={send} />}
        {phase.at === "rest" && !isSent && <Chooser held={held} limits={limits} file={file} setFile={setFile} error={form.errorOf("file")} send={send} />}
      </section>
      {phase.at === "rest" && !isSent && (
        <p class="ryoji-note">
          {!held.required && <><a href={onward(kase, place, query["return"])}>{c("document.skip")}</a>{" "}</>}
          <a href={links.case(kase.case_id)}>{c("wizard.later")}</a>
        </p>
      )}
    </Page>
  );
}

/** What had the focus goes when what is shown changes: then the focus moves to what came in its place, unless something has taken it. */
function useFocusKept(shown: string) {
  const place = useRef<HTMLElement>(null);
  const before = useRef(shown);
  useEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    if (!document.activeElement || document.activeElement === document.body) place.current?.focus();
  }, [shown]);
  return place;
}

function Progress({ phase }: { phase: Phase }) {
  const label = phase.at === "sending" ? c("document.sending", { share: formatNumber(phase.share, { style: "percent" }) }) : c("document.checking");
  return (
    <>
      <ProgressBar label={label} value={phase.at === "sending" ? phase.share : undefined} />
      <p class="ryoji-visually-hidden" role="status">{phase.at === "checking" ? label : c("document.sending_short")}</p>
    </>
  );
}

interface ChooserProps {
  held: CaseDocument;
  limits: Limits;
  file: File | null;
  setFile: (file: File | null) => void;
  error: string | undefined;
  send: (file: File | null) => void;
}

/** Formats that every browser can show; a HEIC picture is sent unseen. */
const SHOWN_EVERYWHERE = ["image/jpeg", "image/png", "image/bmp"];

function Chooser({ held, limits, file, setFile, error, send }: ChooserProps) {
  const [camera, setCamera] = useState(false);
  // A file that the browser cannot draw: what is wrong with it is said when it was sent.
  const [unseen, setUnseen] = useState<File | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const preview = useObjectUrl(file && SHOWN_EVERYWHERE.includes(file.type) ? file : null);
  const portrait = held.checks.includes("portrait");
  const formats = formatList(limits.contentTypes.map(formatName));
  const field = { id: "file", label: c("document.choose"), hint: c("document.limits", { formats, size: formatSize(limits.maxBytes) }), required: held.required, error };
  const taken = (picture: File) => {
    setCamera(false);
    setFile(picture);
    if (input.current) input.current.value = "";
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send(file);
      }}
    >
      <Advice checks={held.checks} />
      <Field {...field}>
        <input
          class="ryoji-file"
          ref={input}
          id="file"
          type="file"
          accept={limits.contentTypes.join(",")}
          aria-describedby={describedBy(field)}
          aria-invalid={error ? "true" : undefined}
          onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
        />
      </Field>
      {hasCamera() && (
        <p class="ryoji-camera-offer">
          <Button variant="secondary" size="medium" onClick={() => setCamera(true)}>{c("camera.open")}</Button>
        </p>
      )}
      {file && <p>{c("document.chosen", { name: file.name })}</p>}
      {preview && unseen !== file && (
        <figure class="ryoji-figure">
          <img class="ryoji-figure__picture" src={preview} alt={c("document.preview")} onError={() => setUnseen(file)} />
          <figcaption>{c("document.preview_text")}</figcaption>
        </figure>
      )}
      <ButtonRow>
        <Button type="submit">{c("document.send")}</Button>
      </ButtonRow>
      <Camera open={camera} onClose={() => setCamera(false)} onTaken={taken} facing={portrait ? "user" : "environment"} />
    </form>
  );
}

/** What makes a good picture, where the catalogue's own hint is not enough. */
function Advice({ checks }: { checks: string[] }) {
  const tips = checks.includes("portrait")
    ? [c("advice.portrait_front"), c("advice.portrait_size"), c("advice.portrait_raw")]
    : [c("advice.page_whole"), c("advice.page_light")];
  if (!checks.includes("portrait") && !checks.includes("travel_document")) return null;
  return (
    <ul class="ryoji-list">
      {tips.map((tip) => <li key={tip}>{tip}</li>)}
    </ul>
  );
}

interface SentProps {
  kase: CaseView;
  held: CaseDocument;
  busy: boolean;
  goOn: () => void;
  retake: () => void;
  send: (file: File | null) => void;
}

function Sent({ kase, held, busy, goOn, retake, send }: SentProps) {
  const [picture, isLost] = useStoredPicture(kase.case_id, held.id, held.upload_id);
  const url = useObjectUrl(picture);
  const worst = gravest(held.findings.map(({ outcome }) => outcome));
  return (
    <>
      {worthTelling(held.findings).map((finding) => <FindingReport key={finding.check} finding={finding} live />)}
      {held.findings.length === 0 && <NotificationBanner kind="success" title={c("document.received")} live />}
      {/* Its place is kept while it comes, or the button that has the focus would be pushed out of the window. */}
      {!isLost && (
        <>
          <figure class="ryoji-figure ryoji-figure--awaited">
            <div class="ryoji-figure__frame">{url && <img class="ryoji-figure__picture" src={url} alt={held.title} />}</div>
            <figcaption>{c("document.stored")}</figcaption>
          </figure>
          <CropOffer held={held} picture={picture} send={send} />
        </>
      )}
      <ButtonRow>
        {worst === "fail" ? (
          <Button onClick={retake}>{c("document.retake")}</Button>
        ) : (
          <>
            <Button busy={busy} onClick={goOn}>{worst === "review" ? c("document.use_anyway") : c("wizard.next")}</Button>
            <Button variant="secondary" onClick={retake}>{c("document.retake")}</Button>
          </>
        )}
        <LinkButton variant="text" href={links.case(kase.case_id)}>{c("wizard.later")}</LinkButton>
      </ButtonRow>
      {worst === "fail" && (
        <p class="ryoji-note">
          {c("document.insist")} <button type="button" class="ryoji-link" onClick={goOn}>{c("document.insist_go_on")}</button>
        </p>
      )}
    </>
  );
}

/** What is wrong; when nothing is, the last and most particular check says so. */
function worthTelling(findings: Finding[]): Finding[] {
  const wrong = findings.filter((finding) => finding.outcome !== "pass");
  return wrong.length ? wrong : findings.slice(-1);
}

/** The check knows how the picture should be cut; the applicant sees it and says whether to. */
function CropOffer({ held, picture, send }: { held: CaseDocument; picture: Blob | null; send: (file: File | null) => void }) {
  const finding = held.findings.find((each) => each.outcome !== "pass" && each.facts.suggested_crop);
  const [cut, setCut] = useState<File | null>(null);
  const [state, setState] = useState<"offered" | "making" | "failed">("offered");
  const url = useObjectUrl(cut);
  const crop = finding?.facts.suggested_crop;
  if (!crop) return null;
  const show = async () => {
    if (!picture) return;
    setState("making");
    const made = await cropped(picture, crop).catch(() => null);
    setCut(made);
    setState(made ? "offered" : "failed");
  };
  return (
    <section class="ryoji-section" aria-labelledby="crop">
      <h2 id="crop">{c("crop.title")}</h2>
      <p>{c("crop.text")}</p>
      {url ? (
        <figure class="ryoji-figure" aria-live="polite">
          <img class="ryoji-figure__picture" src={url} alt={c("crop.preview")} />
          <figcaption>{c("crop.preview")}</figcaption>
        </figure>
      ) : (
        state !== "offered" && <p role="status">{state === "making" ? c("crop.making") : c("crop.failed")}</p>
      )}
      <ButtonRow>
        {cut ? <Button variant="secondary" onClick={() => send(cut)}>{c("crop.use")}</Button> : <Button variant="secondary" busy={!picture} onClick={show}>{c("crop.show")}</Button>}
      </ButtonRow>
    </section>
  );
}
