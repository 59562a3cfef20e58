import { useState } from "preact/hooks";
import type { CaseDocument, DeskCase, Finding } from "../desk.ts";
import { Notice, OutcomeChip, Panel } from "../parts.tsx";
import { nameOfDocument } from "../names.ts";
import { c, textOfCode } from "../texts.ts";
import { boxOf, cropped, FRAME, type FaceBox } from "./crop.ts";
import { usePictureUrl } from "./picture-url.ts";
import type { Size } from "./view.ts";

/** Portrait beside passport picture (and the picture taken at the counter), with what the machine makes of them. */
export function FacesPanel({ id, file }: { id: string; file: DeskCase }) {
  const pictured = file.documents.filter((document) => document.upload_id && document.checks.some(showsFace));
  const findings = file.findings.filter((finding) => finding.check === "faces");
  return (
    <Panel id={id} title={c("faces.title")}>
      <div class="desk-faces">
        {pictured.map((document) => (
          <Face key={document.id} caseId={file.case_id} document={document} box={boxOf(findings, document)} />
        ))}
      </div>
      <div class="desk-faces__said">
        {findings.length === 0 && <p class="desk-quiet">{c("faces.none")}</p>}
        {findings.slice(0, 1).map((finding) => (
          <Likeness key="latest" finding={finding} />
        ))}
        <Notice tone="info">
          <p>{c("faces.person_decides")}</p>
        </Notice>
      </div>
    </Panel>
  );
}

function showsFace(check: string): boolean {
  return check === "portrait" || check === "travel_document" || check === "faces";
}

interface Shown {
  caseId: string;
  document: Pick<CaseDocument, "id" | "title" | "upload_id">;
  /** The compared face: the picture is cut to it. */
  box?: FaceBox | null;
}

export function Face({ caseId, document, box = null }: Shown) {
  const picture = usePictureUrl(caseId, document.id, document.upload_id);
  const name = nameOfDocument(document);
  return (
    <figure class="desk-face">
      {picture.url && !picture.failed ? (
        box ? (
          <CutOut url={picture.url} name={name} box={box} onError={picture.retry} />
        ) : (
          <img class="desk-face__picture" src={picture.url} alt={name} onError={picture.retry} />
        )
      ) : (
        <p class="desk-document__none">{picture.failed ? c("viewer.failed") : c("loading")}</p>
      )}
      <figcaption>{name}</figcaption>
    </figure>
  );
}

function CutOut({ url, name, box, onError }: { url: string; name: string; box: FaceBox; onError(): void }) {
  const [natural, setNatural] = useState<Size | null>(null);
  const placed = natural && cropped(box, natural);
  return (
    <div class="desk-face__frame" style={{ aspectRatio: String(FRAME) }}>
      <img
        src={url}
        alt={name}
        onError={onError}
        onLoad={(event) => setNatural({ width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight })}
        style={placed ? { width: `${placed.width}%`, left: `${placed.left}%`, top: `${placed.top}%` } : { width: "100%" }}
      />
    </div>
  );
}

/** Band, similarity and threshold of a comparison of faces. */
export function Likeness({ finding }: { finding: Finding }) {
  const facts = finding.facts;
  const band = typeof facts.band === "string" ? textOfCode("band", facts.band) : null;
  const similarity = percentOf(facts.similarity);
  const threshold = percentOf(facts.threshold);
  const missed = Number(facts.similarity) < Number(facts.threshold);
  return (
    <div class="desk-likeness">
      <OutcomeChip outcome={finding.outcome} label={band ?? finding.reasons[0]?.text ?? textOfCode("check", "faces")} />
      <dl class="desk-facts desk-facts--row">
        {similarity && (
          <div>
            <dt>{c("faces.similarity")}</dt>
            <dd>{similarity}</dd>
          </div>
        )}
        {threshold && (
          <div>
            <dt>{c(missed ? "faces.threshold_missed" : "faces.threshold")}</dt>
            <dd>{threshold}</dd>
          </div>
        )}
      </dl>
      {finding.reasons.map((reason) => (
        <p key={reason.code}>{reason.text}</p>
      ))}
    </div>
  );
}

function percentOf(value: unknown): string | null {
  return typeof value === "number" && value > 0 ? `${Math.round(value * 10) / 10} %` : null;
}
