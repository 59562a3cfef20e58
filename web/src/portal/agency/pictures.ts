import type { CaseDocument, CaseView, DocumentDescription, Procedure, Reason } from "../../shared/contract.ts";
import { formatList, formatSize } from "../../shared/format.ts";
import { c } from "../case-texts.ts";
import { caseNow } from "../cases/store.ts";
import { gravest, runChecks } from "../wizard/checks.ts";
import { faultOfFile, formatName, limitsOf, upload } from "../wizard/upload.ts";
import { eachAtOnce, textsOf } from "./filing.ts";

export interface PictureFor {
  file: File;
  kase: CaseView;
  held: CaseDocument;
}

/** `E12345678_portrait.jpg` is the portrait of the traveller with that passport. */
export function placePictures(files: File[], cases: CaseView[]): { placed: PictureFor[]; strays: string[] } {
  const placed: PictureFor[] = [];
  const strays: string[] = [];
  for (const file of files) {
    const [, number = "", document = ""] = /^([A-Za-z0-9]+)[_-]([a-z_]+)\.\w+$/.exec(file.name) ?? [];
    const kase = cases.find(({ sections }) => sections.some(({ answers }) => answers["number"] === number.toUpperCase()));
    const held = kase?.documents.find(({ id, supply }) => id === document && supply === "upload");
    if (kase && held) placed.push({ file, kase, held });
    else strays.push(file.name);
  }
  return { placed, strays };
}

/**
 * Sends and checks each as the page of one document does. Several of one traveller go at once: each is told of by itself,
 * on the case as it is by then.
 */
export async function sendPictures(pictures: PictureFor[], procedure: Procedure, tell: (kase: CaseView, document: string, errors: string[]) => void): Promise<void> {
  await eachAtOnce(pictures, async ({ file, kase, held }) => {
    const described = procedure.documents.find(({ id }) => id === held.id);
    const fault = described && faultOf(file, described);
    if (fault) return tell(caseNow(kase.case_id) ?? kase, held.id, [`${held.title}: ${fault}`]);
    try {
      const received = await upload(kase.case_id, held.id, file, () => undefined);
      tell((await runChecks(kase.case_id, held)) ?? received, held.id, []);
    } catch (error) {
      tell(caseNow(kase.case_id) ?? kase, held.id, textsOf(error).map((text) => `${held.title}: ${text}`));
    }
  });
}

function faultOf(file: File, described: DocumentDescription): string | null {
  const limits = limitsOf(described);
  const fault = faultOfFile(file, limits);
  return fault && c(`file.${fault}`, { size: formatSize(limits.maxBytes), formats: formatList(limits.contentTypes.map(formatName)) });
}

/** What speaks most against a document that was sent; none where nothing does. */
export function worstReason({ findings }: CaseDocument): Reason | null {
  const worst = gravest(findings.map(({ outcome }) => outcome));
  return findings.find(({ outcome }) => outcome === worst)?.reasons.find(({ outcome }) => outcome === worst) ?? null;
}

/** The documents that are there, and that an officer may not take as they are. */
export function doubtful(kase: CaseView): CaseDocument[] {
  return kase.documents.filter(({ supply, status }) => supply === "upload" && status === "attention");
}
