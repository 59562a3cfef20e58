/** The picture's way in: a signed address, the upload, its acceptance; then the machine compares. */

import { Unreachable } from "../../shared/api.ts";
import { desk } from "../connection.ts";
import type { DeskCase, Finding } from "../desk.ts";

const DOCUMENT = "counter_picture";
const SLOW_CHECK = 60_000;

interface Upload {
  upload_id: string;
  url: string;
  fields: Record<string, string>;
}

export async function uploadCounterPicture(caseId: string, picture: Blob): Promise<DeskCase> {
  const upload = await desk().post<Upload>(`/desk/cases/${caseId}/uploads`, {
    document: DOCUMENT,
    content_type: picture.type,
    size: picture.size,
  });
  await send(upload, picture);
  return desk().post<DeskCase>(`/desk/cases/${caseId}/uploads/${upload.upload_id}/acceptance`, { document: DOCUMENT }, { timeout: SLOW_CHECK });
}

export function compareFaces(caseId: string): Promise<{ finding: Finding; case: DeskCase }> {
  return desk().post(`/desk/cases/${caseId}/counter-check`, {}, { timeout: SLOW_CHECK });
}

async function send({ url, fields }: Upload, picture: Blob): Promise<void> {
  const form = new FormData();
  Object.entries(fields).forEach(([name, value]) => form.append(name, value));
  // S3 reads the fields before the file and nothing after it.
  form.append("file", picture, "counter.jpg");
  let answer: Response;
  try {
    answer = await fetch(url, { method: "POST", body: form, credentials: "omit" });
  } catch {
    throw new Unreachable("offline");
  }
  if (!answer.ok) throw new Unreachable("server");
}
