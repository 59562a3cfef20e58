import { fingerprint, isSame } from "./bytes.ts";
import { isMadeBy, readCertificate, SIGNER_USE, type Certificate } from "./certificates.ts";
import { contentOf, hasProfile, profileOf, STATE, validityOn, type Validity } from "./profile.ts";
import { NotASeal, type JsonObject } from "./strict-json.ts";
import type { Authority, Trust } from "./trust.ts";
import { isSigned, readSeal, type Seal } from "./vdsnc.ts";

export type Status =
  | "VALID"
  | "READ_ERROR"
  | "WRONG_FORMAT"
  | "UNKNOWN_CERTIFICATE"
  | "UNTRUSTED_CERTIFICATE"
  | "INVALID_DOCUMENTTYPE"
  | "EXPIRED_CERTIFICATE"
  | "REVOKED_CERTIFICATE"
  | "INVALID_SIGNATURE";
export type Outcome = "pass" | "fail" | "not_checked";
export type Warning = "UNKNOWN_FEATURE" | "STALE_REVOCATION_LIST" | "NO_REVOCATION_LIST";

export const CHECKS = ["format", "chain", "document_type", "validity", "revocation", "signature", "content"] as const;
export type Checks = Record<(typeof CHECKS)[number], Outcome>;

/** What a verification found, in the words of issuance/verification.py: the same vectors are run on both sides. */
export interface Verdict {
  status: Status;
  checks: Checks;
  warnings: Warning[];
  type: string | null;
  state: string | null;
  /** By plain names where the seal has our profile; as it stands otherwise. */
  content: JsonObject;
  /** Whether `content` has our profile. */
  readable: boolean;
  validity: Validity;
  signer: string | null;
}

/** Verifies a seal; never throws for what a stranger may have written. */
export async function verify(text: string | Uint8Array, trust: Trust, now: Date): Promise<Verdict> {
  const checks = Object.fromEntries(CHECKS.map((name) => [name, "not_checked"])) as Checks;
  const read = readWhole(text);
  if (read instanceof NotASeal) {
    checks.format = "fail";
    return { status: read.status, checks, warnings: [], type: null, state: null, content: {}, readable: false, validity: "not_checked", signer: null };
  }
  const { seal, certificate } = read;
  checks.format = "pass";
  const judged = await judge(seal, certificate, trust, now, checks);
  const ours = profileOf(seal.type) !== undefined && seal.state === STATE;
  const readable = ours && hasProfile(seal.message);
  if (ours && judged.status === "VALID") checks.content = readable ? "pass" : "fail";
  return {
    status: checks.content === "fail" ? "WRONG_FORMAT" : judged.status,
    checks,
    warnings: profileOf(seal.type) ? judged.warnings : [...judged.warnings, "UNKNOWN_FEATURE"],
    type: seal.type,
    state: seal.state,
    content: readable ? contentOf(seal.message) : seal.message,
    readable,
    validity: readable ? validityOn(seal.message, now) : "not_checked",
    signer: await fingerprint(certificate.der),
  };
}

function readWhole(text: string | Uint8Array): { seal: Seal; certificate: Certificate } | NotASeal {
  try {
    const seal = readSeal(text);
    return { seal, certificate: readCertificate(seal.certificate) };
  } catch (error) {
    return error instanceof NotASeal ? error : new NotASeal("WRONG_FORMAT");
  }
}

interface Judgement {
  status: Status;
  warnings: Warning[];
}

/** The first thing that is wrong; the signature is checked in any case: it says whether bytes changed. */
async function judge(seal: Seal, certificate: Certificate, trust: Trust, now: Date, checks: Checks): Promise<Judgement> {
  const signed = await isSigned(seal.signed, seal.algorithm, seal.signature, certificate.publicKey);
  checks.signature = signed ? "pass" : "fail";
  const authority = await chain(seal, certificate, trust);
  checks.chain = typeof authority === "string" ? "fail" : "pass";
  if (typeof authority === "string") return { status: authority, warnings: [] };
  if (!hasDocumentType(seal, certificate, checks)) return { status: "INVALID_DOCUMENTTYPE", warnings: [] };
  checks.validity = [certificate, authority.certificate].every((each) => each.notBefore <= now && now <= each.notAfter) ? "pass" : "fail";
  if (checks.validity === "fail") return { status: "EXPIRED_CERTIFICATE", warnings: [] };
  const warnings = checkRevocation(certificate, authority, now, checks);
  if (checks.revocation === "fail") return { status: "REVOKED_CERTIFICATE", warnings };
  return { status: signed ? "VALID" : "INVALID_SIGNATURE", warnings };
}

/** The authority behind a signer, or what is wrong with the chain. */
async function chain(seal: Seal, certificate: Certificate, trust: Trust): Promise<Authority | "UNKNOWN_CERTIFICATE" | "UNTRUSTED_CERTIFICATE"> {
  const candidates = trust.authorities.filter((each) => names(certificate, each.certificate));
  if (!candidates.length) return "UNKNOWN_CERTIFICATE";
  for (const authority of candidates) {
    const fits = authority.state === seal.state && isForSeals(certificate) && !certificate.isAuthority && authority.certificate.isAuthority;
    if (fits && (await isMadeBy(certificate, authority.certificate))) return authority;
  }
  return "UNTRUSTED_CERTIFICATE";
}

function names(certificate: Certificate, authority: Certificate): boolean {
  const [named, own] = [certificate.authorityKeyId, authority.keyId];
  return isSame(certificate.issuer, authority.subject) && (named && own ? isSame(named, own) : named === own);
}

// Not every published certificate marks the use as critical; that it is this use and no other is what counts.
const isForSeals = (certificate: Certificate) => certificate.uses.join() === SIGNER_USE;

function hasDocumentType(seal: Seal, certificate: Certificate, checks: Checks): boolean {
  const profile = profileOf(seal.type);
  if (!profile) return true;
  const right = certificate.documentTypes.includes(profile.document_type) && profile.version === seal.version;
  checks.document_type = right ? "pass" : "fail";
  return right;
}

/** Being on an old list is still being revoked; not being on one says nothing about what came after. */
function checkRevocation(certificate: Certificate, { revocations }: Authority, now: Date, checks: Checks): Warning[] {
  if (revocations.revoked.some((serial) => isSame(serial, certificate.serial))) {
    checks.revocation = "fail";
    return [];
  }
  const stale = now > revocations.nextUpdate;
  checks.revocation = stale ? "not_checked" : "pass";
  return stale ? ["STALE_REVOCATION_LIST"] : [];
}
