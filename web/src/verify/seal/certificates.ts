import { BitString, Boolean as Truth, fromBER, GeneralizedTime, Integer, ObjectIdentifier, PrintableString, Sequence, UTCTime, type BaseBlock } from "asn1js";
import { isSame, type Bytes } from "./bytes.ts";
import { NotASeal } from "./strict-json.ts";
import { ALGORITHMS, isSigned, type Algorithm } from "./vdsnc.ts";

/** The use that ICAO Doc 9303-12 gives the signers of such seals. */
export const SIGNER_USE = "2.23.136.1.1.14.2";

const DOCUMENT_TYPE = "2.23.136.1.1.6.2";
const SUBJECT_KEY_ID = "2.5.29.14";
const BASIC_CONSTRAINTS = "2.5.29.19";
const AUTHORITY_KEY_ID = "2.5.29.35";
const EXTENDED_USE = "2.5.29.37";

/** By the identifier of a certificate's signature algorithm. */
const HASHES: Record<string, Algorithm> = { "1.2.840.10045.4.3.2": "ES256", "1.2.840.10045.4.3.3": "ES384", "1.2.840.10045.4.3.4": "ES512" };

/** What an authority signs: the signed part, how, and the signature (DER). */
interface Signed {
  der: Bytes;
  signed: Bytes;
  issuer: Bytes;
  algorithm: Algorithm | null;
  signature: Bytes;
}

/** What matters of a certificate; nothing is verified. Names are DER, the key DER SubjectPublicKeyInfo. */
export interface Certificate extends Signed {
  serial: Bytes;
  subject: Bytes;
  notBefore: Date;
  notAfter: Date;
  publicKey: Bytes;
  keyId: Bytes | null;
  authorityKeyId: Bytes | null;
  uses: string[];
  isAuthority: boolean;
  documentTypes: string[];
}

/** A revocation list; nothing is verified. */
export interface RevocationList extends Signed {
  thisUpdate: Date;
  nextUpdate: Date;
  revoked: Bytes[];
}

/** Throws `NotASeal`. */
export function readCertificate(der: Bytes): Certificate {
  return orNotASeal(() => {
    const [body, algorithm, value] = signedParts(der);
    const fields = inner(body);
    // The version is left out of the oldest certificates; ours all have it, and with it extensions.
    const [serial, inside, issuer, validity, subject, key] = fields.slice(fields[0]?.idBlock.tagClass === CONTEXT ? 1 : 0) as Part[];
    const [notBefore, notAfter] = inner(validity).map(moment);
    const extensions = extensionsOf(fields.find((part) => part.idBlock.tagClass === CONTEXT && part.idBlock.tagNumber === 3));
    if (!notBefore || !notAfter) throw new TypeError("no validity");
    return {
      der,
      signed: whole(body),
      issuer: whole(issuer),
      algorithm: algorithmOf(algorithm, inside),
      signature: bits(value),
      serial: content(serial),
      subject: whole(subject),
      notBefore,
      notAfter,
      publicKey: whole(key),
      keyId: extended(extensions, SUBJECT_KEY_ID, content),
      authorityKeyId: extended(extensions, AUTHORITY_KEY_ID, authorityKey),
      uses: extended(extensions, EXTENDED_USE, (part) => inner(part).map(identifier)) ?? [],
      isAuthority: extended(extensions, BASIC_CONSTRAINTS, mayCertify) ?? false,
      documentTypes: extended(extensions, DOCUMENT_TYPE, (part) => inner(inner(part)[1]).map(text)) ?? [],
    };
  });
}

/** Throws `NotASeal`. */
export function readRevocations(der: Bytes): RevocationList {
  return orNotASeal(() => {
    const [body, algorithm, value] = signedParts(der);
    const fields = inner(body);
    const [inside, issuer, thisUpdate, nextUpdate, lines] = fields.slice(fields[0] instanceof Integer ? 1 : 0) as Part[];
    return {
      der,
      signed: whole(body),
      issuer: whole(issuer),
      algorithm: algorithmOf(algorithm, inside),
      signature: bits(value),
      thisUpdate: moment(thisUpdate),
      nextUpdate: moment(nextUpdate),
      // A list of nobody leaves the lines out.
      revoked: lines instanceof Sequence ? inner(lines).map((line) => content(inner(line)[0])) : [],
    };
  });
}

/** Whether the authority's key signed this. */
export async function isMadeBy(made: Signed, authority: Certificate): Promise<boolean> {
  if (!made.algorithm || !isSame(made.issuer, authority.subject)) return false;
  const raw = rawSignature(made.signature, ALGORITHMS[made.algorithm].half);
  return raw !== null && isSigned(made.signed, made.algorithm, raw, authority.publicKey);
}

type Part = BaseBlock | undefined;

const CONTEXT = 3;

function orNotASeal<Read>(read: () => Read): Read {
  try {
    return read();
  } catch {
    throw new NotASeal("WRONG_FORMAT");
  }
}

function parsed(der: Bytes): BaseBlock {
  const { offset, result } = fromBER(der);
  // The reader forgives wrong lengths: written again, only what was right comes back byte for byte.
  if (offset !== der.length || !isSame(new Uint8Array(result.toBER()), der)) throw new TypeError("not the only encoding");
  return result;
}

function signedParts(der: Bytes): Part[] {
  const parts = inner(parsed(der));
  if (parts.length !== 3) throw new TypeError("not signed");
  return parts;
}

function inner(part: Part): BaseBlock[] {
  const value = (part?.valueBlock as { value?: unknown } | undefined)?.value;
  if (!Array.isArray(value)) throw new TypeError("not constructed");
  return value as BaseBlock[];
}

/** The bytes of a part with its head: names and what is signed are compared and verified as they were written. */
const whole = (part: Part): Bytes => new Uint8Array(present(part).valueBeforeDecodeView);

function content(part: Part): Bytes {
  const view = (present(part).valueBlock as { valueHexView?: Uint8Array }).valueHexView;
  if (!view) throw new TypeError("no content");
  return new Uint8Array(view);
}

function bits(part: Part): Bytes {
  // A signature has whole bytes: another count of unused bits would be a second spelling of the certificate.
  if (!(part instanceof BitString) || part.valueBlock.unusedBits !== 0) throw new TypeError("not a signature");
  return content(part);
}

function identifier(part: Part): string {
  if (!(part instanceof ObjectIdentifier)) throw new TypeError("not an identifier");
  return part.getValue();
}

function moment(part: Part): Date {
  if (!(part instanceof UTCTime || part instanceof GeneralizedTime)) throw new TypeError("not a time");
  const date = part.toDate();
  if (Number.isNaN(date.getTime())) throw new TypeError("not a time");
  return date;
}

function text(part: Part): string {
  if (!(part instanceof PrintableString)) throw new TypeError("not a text");
  return part.getValue();
}

function present(part: Part): BaseBlock {
  if (!part) throw new TypeError("a part is missing");
  return part;
}

/** The outer name of the algorithm is not signed: it must repeat the inner one. */
function algorithmOf(outer: Part, inside: Part): Algorithm | null {
  if (!isSame(whole(outer), whole(inside))) throw new TypeError("two algorithms");
  return HASHES[identifier(inner(outer)[0])] ?? null;
}

function extensionsOf(part: Part): Map<string, BaseBlock> {
  if (!part) return new Map();
  const found = inner(inner(part)[0]).map((extension): [string, BaseBlock] => [identifier(inner(extension)[0]), present(inner(extension).at(-1))]);
  const extensions = new Map(found);
  if (extensions.size !== found.length) throw new TypeError("an extension stands twice");
  return extensions;
}

function extended<Found>(extensions: Map<string, BaseBlock>, name: string, read: (part: BaseBlock) => Found): Found | null {
  const extension = extensions.get(name);
  return extension ? read(parsed(content(extension))) : null;
}

function authorityKey(part: Part): Bytes | null {
  const key = inner(part).find((each) => each.idBlock.tagClass === CONTEXT && each.idBlock.tagNumber === 0);
  return key ? content(key) : null;
}

function mayCertify(part: Part): boolean {
  const [first] = inner(part);
  return first instanceof Truth && first.getValue();
}

/** DER to r and s of `half` bytes each; null for another spelling or a number that is too large. */
function rawSignature(der: Bytes, half: number): Bytes | null {
  try {
    const [r, s, ...more] = inner(parsed(der)).map((part) => unsigned(part, half));
    if (!r || !s || more.length) return null;
    const raw = new Uint8Array(2 * half);
    raw.set(r, half - r.length);
    raw.set(s, 2 * half - s.length);
    return raw;
  } catch {
    return null;
  }
}

function unsigned(part: Part, half: number): Bytes | null {
  if (!(part instanceof Integer)) return null;
  const bytes = content(part);
  const [first = 0, second = 0] = bytes;
  if (!bytes.length || first > 0x7f || (first === 0 && bytes.length > 1 && second < 0x80)) return null;
  const number = first === 0 ? bytes.slice(1) : bytes;
  return number.length <= half ? number : null;
}

