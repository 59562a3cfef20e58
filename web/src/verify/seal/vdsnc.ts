import canonicalize from "canonicalize";
import { bytesOf, type Bytes } from "./bytes.ts";
import { isObject, NotASeal, strictJson, type Json, type JsonObject } from "./strict-json.ts";

/** A QR code of the largest size holds no more characters. */
const MOST_CHARACTERS = 4296;

/** By algorithm: bytes of half a signature, and what WebCrypto calls hash and curve. */
export const ALGORITHMS = {
  ES256: { half: 32, hash: "SHA-256", curve: "P-256" },
  ES384: { half: 48, hash: "SHA-384", curve: "P-384" },
  ES512: { half: 66, hash: "SHA-512", curve: "P-521" },
} as const;

export type Algorithm = keyof typeof ALGORITHMS;

/** The envelope of a seal and of the trust list, in the right form; nothing is verified. */
export interface Envelope {
  data: JsonObject;
  algorithm: Algorithm;
  certificate: Bytes;
  /** Raw r and s, one behind the other. */
  signature: Bytes;
  /** What the signature is over: the RFC 8785 form of `data`. */
  signed: Bytes;
}

export interface Seal extends Envelope {
  type: string;
  version: number;
  state: string;
  message: JsonObject;
}

/** Reads a seal; throws `NotASeal`. */
export function readSeal(text: string | Uint8Array): Seal {
  const envelope = open(typeof text === "string" ? text : decoded(text), MOST_CHARACTERS);
  const [header, message] = members(envelope.data, "hdr", "msg");
  const [state, type, version] = members(header, "is", "t", "v");
  const named = typeof state === "string" && /^[A-Z]{1,3}$/.test(state) && typeof type === "string" && !isBlank(type);
  if (!named || typeof version !== "number" || version < 1 || !isObject(message)) throw new NotASeal("WRONG_FORMAT");
  return { ...envelope, type, version, state, message };
}

/** The envelope; throws `NotASeal`. */
export function open(text: string, most: number): Envelope {
  const [data, signature] = members(strictJson(text, most), "data", "sig");
  const [algorithm, certificate, value] = members(signature, "alg", "cer", "sigvl");
  if (!isObject(data) || !isAlgorithm(algorithm)) throw new NotASeal("WRONG_FORMAT");
  const raw = fromBase64Url(value);
  if (raw.length !== 2 * ALGORITHMS[algorithm].half) throw new NotASeal("WRONG_FORMAT");
  return { data, algorithm, certificate: fromBase64Url(certificate), signature: raw, signed: canonical(data) };
}

/** Whether this key (DER SubjectPublicKeyInfo) made the signature; false for a key of another kind or curve. */
export async function isSigned(signed: Bytes, algorithm: Algorithm, signature: Bytes, publicKey: Bytes): Promise<boolean> {
  const { hash, curve } = ALGORITHMS[algorithm];
  try {
    const key = await crypto.subtle.importKey("spki", publicKey, { name: "ECDSA", namedCurve: curve }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "ECDSA", hash }, key, signature, signed);
  } catch {
    return false;
  }
}

/** With padding or without; throws `NotASeal` for anything that has a second spelling. */
export function fromBase64Url(text: Json | undefined): Bytes {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]+={0,2}$/.test(text)) throw new NotASeal("WRONG_FORMAT");
  const bare = text.replace(/=+$/, "");
  const padded = bare.padEnd(Math.ceil(bare.length / 4) * 4, "=");
  if (bare.length % 4 === 1 || (text !== bare && text !== padded)) throw new NotASeal("WRONG_FORMAT");
  const bytes = bytesOf(padded.replaceAll("-", "+").replaceAll("_", "/"));
  // Bits behind the last byte would be another spelling of the same bytes.
  if (base64Url(bytes) !== padded) throw new NotASeal("WRONG_FORMAT");
  return bytes;
}

function base64Url(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_");
}

function canonical(data: JsonObject): Bytes {
  const text = canonicalize(data);
  if (text === undefined) throw new NotASeal("WRONG_FORMAT");
  return new TextEncoder().encode(text);
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NotASeal("READ_ERROR");
  }
}

/** The members in the order asked for; exactly these and no other. */
function members(value: Json | undefined, ...names: string[]): Json[] {
  if (!isObject(value) || Object.keys(value).sort().join() !== names.toSorted().join()) throw new NotASeal("WRONG_FORMAT");
  return names.map((name) => value[name] ?? null);
}

const isAlgorithm = (name: Json | undefined): name is Algorithm => typeof name === "string" && Object.hasOwn(ALGORITHMS, name);

/** What Python, too, takes for a blank. */
const isBlank = (text: string) => [...text].every((character) => character.trim() === "" || "\u001c\u001d\u001e\u001f\u0085".includes(character));
