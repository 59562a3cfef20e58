import type { CaseView, DocumentDescription } from "../../shared/contract.ts";
import { Unreachable } from "../../shared/api.ts";
import { keep } from "../cases/store.ts";
import { api } from "../connection.ts";

interface Ticket {
  upload_id: string;
  url: string;
  fields: Record<string, string>;
}

/** Puts a file into the quarantine by a presigned POST, then has it accepted: recognised, re-encoded, stripped. */
export async function upload(caseId: string, document: string, file: File, progress: (share: number) => void): Promise<CaseView> {
  const client = await api();
  const ticket = await client.post<Ticket>(`/cases/${caseId}/uploads`, { document, content_type: typeOf(file), size: file.size });
  await send(ticket, file, progress);
  return keep(await client.post<CaseView>(`/cases/${caseId}/uploads/${ticket.upload_id}/acceptance`, { document }, { timeout: 60_000 }));
}

/** Some systems give photographs no type; the server goes by the content anyway. */
function typeOf(file: File): string {
  const endings: Record<string, string> = { jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", heic: "image/heic", bmp: "image/bmp", pdf: "application/pdf" };
  return file.type || (endings[file.name.split(".").pop()?.toLowerCase() ?? ""] ?? "application/octet-stream");
}

/** XMLHttpRequest, because fetch cannot tell how much has been sent. */
function send(ticket: Ticket, file: File, progress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(ticket.fields)) form.append(name, value);
    form.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", ticket.url);
    request.timeout = 180_000;
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onload = () => (request.status < 300 ? resolve() : reject(new Unreachable("server")));
    request.onerror = () => reject(new Unreachable("offline"));
    request.ontimeout = () => reject(new Unreachable("timeout"));
    request.send(form);
  });
}

export interface Limits {
  contentTypes: string[];
  maxBytes: number;
}

/** Where the catalogue says nothing: what every photograph of a telephone is. */
const USUAL: Limits = { contentTypes: ["image/jpeg", "image/png"], maxBytes: 10_000_000 };

export function limitsOf({ accept, max_bytes }: DocumentDescription): Limits {
  return { contentTypes: accept ?? USUAL.contentTypes, maxBytes: max_bytes ?? USUAL.maxBytes };
}

export type FileFault = "wrong_type" | "too_large" | "empty";

/** Seen before anything is sent, so that nobody waits for a long upload to be told. */
export function faultOfFile(file: File, limits: Limits): FileFault | null {
  if (file.size === 0) return "empty";
  if (!limits.contentTypes.includes(typeOf(file))) return "wrong_type";
  return file.size > limits.maxBytes ? "too_large" : null;
}

/** `image/jpeg` → `JPEG`. */
export function formatName(contentType: string): string {
  return (contentType.split("/")[1] ?? contentType).toUpperCase();
}
