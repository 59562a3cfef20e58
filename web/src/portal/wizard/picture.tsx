import { useEffect, useState } from "preact/hooks";
import type { Crop } from "../../shared/contract.ts";
import { api } from "../connection.ts";

/** The address of a blob for as long as the component shows it. */
export function useObjectUrl(blob: Blob | null): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!blob) return setUrl(undefined);
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}

/** The applicant's own picture as the server keeps it, null while it is on its way; and whether it does not come. */
export function useStoredPicture(caseId: string, document: string, uploadId: string | null): [Blob | null, boolean] {
  const [picture, setPicture] = useState<Blob | null>(null);
  const [isLost, setIsLost] = useState(false);
  useEffect(() => {
    let current = true;
    setPicture(null);
    setIsLost(!uploadId);
    if (!uploadId) return;
    fetchPicture(caseId, document)
      .then((blob) => current && setPicture(blob))
      // Not worth an error: the page says that the picture was received.
      .catch(() => current && setIsLost(true));
    return () => {
      current = false;
    };
  }, [caseId, document, uploadId]);
  return [picture, isLost];
}

async function fetchPicture(caseId: string, document: string): Promise<Blob> {
  const { url } = await (await api()).get<{ url: string }>(`/cases/${caseId}/documents/${document}/picture`);
  const answer = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  if (!answer.ok) throw new Error(`picture: ${answer.status}`);
  return answer.blob();
}

/** The suggested part of a picture as a new picture. Parts outside of the picture stay white. */
export async function cropped(picture: Blob, crop: Crop): Promise<File | null> {
  const image = await createImageBitmap(picture, { imageOrientation: "from-image" });
  const isShare = Math.max(Math.abs(crop.left), Math.abs(crop.top), crop.width, crop.height) <= 2;
  const [x, y] = isShare ? [image.width, image.height] : [1, 1];
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(crop.width * x);
  canvas.height = Math.round(crop.height * y);
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, -crop.left * x, -crop.top * y);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, "image/jpeg", 0.95);
  });
  return blob && new File([blob], "cropped.jpg", { type: "image/jpeg" });
}
