/** Where a face is in a picture, as fractions of it, and how the picture is laid behind a frame that shows only the face. */

import type { Finding } from "../desk.ts";
import type { Size } from "./view.ts";

export interface FaceBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Per cent of the frame. */
export interface Placed {
  width: number;
  left: number;
  top: number;
}

/** The frame's width over its height: that of a passport photo. */
export const FRAME = 35 / 45;
/** The frame's height over the face's: hair and chin are seen too. */
const ROOM = 1.9;

export function cropped(box: FaceBox, natural: Size): Placed {
  const height = box.height * natural.height * ROOM;
  const width = height * FRAME;
  const left = (box.left + box.width / 2) * natural.width - width / 2;
  const top = (box.top + box.height / 2) * natural.height - height / 2;
  return {
    width: (natural.width / width) * 100,
    left: (-left / width) * 100,
    top: (-top / height) * 100,
  };
}

/** The compared face of a document's present picture; none when the picture came after the comparison. */
export function boxOf(findings: Finding[], document: { id: string; received_at: string | null }): FaceBox | null {
  for (const finding of findings) {
    const boxes = finding.check === "faces" ? (finding.facts.boxes as Partial<Record<"first" | "second", FaceBox | null>> | undefined) : undefined;
    if (!boxes || !finding.at || (document.received_at && Date.parse(document.received_at) > Date.parse(finding.at))) continue;
    if (document.id === "portrait") return boxes.first ?? null;
    // In the chain the finding is the portrait's and the second picture the passport's; at the counter it is the camera's.
    if (document.id === (finding.document === "portrait" ? "passport_page" : finding.document)) return boxes.second ?? null;
  }
  return null;
}
