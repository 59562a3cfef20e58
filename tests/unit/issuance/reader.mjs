// An independent reader of VDS-NC seals: Node's WebCrypto and X509Certificate, and nothing of Ryoji's.
// node reader.mjs < {"seal": text, "authority": base64 DER}   prints true or false
import { X509Certificate, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";

const canonical = (value) =>
  Array.isArray(value)
    ? `[${value.map(canonical).join(",")}]`
    : value && typeof value === "object"
      ? `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`
      : JSON.stringify(value);

const given = JSON.parse(readFileSync(0, "utf8"));
const { data, sig } = JSON.parse(given.seal);
const certificate = new X509Certificate(Buffer.from(sig.cer, "base64url"));
const authority = new X509Certificate(Buffer.from(given.authority, "base64"));
const spki = certificate.publicKey.export({ type: "spki", format: "der" });
const curve = { name: "ECDSA", namedCurve: "P-256" };
const key = await webcrypto.subtle.importKey("spki", spki, curve, false, ["verify"]);
const signed = await webcrypto.subtle.verify(
  { name: "ECDSA", hash: "SHA-256" },
  key,
  Buffer.from(sig.sigvl, "base64url"),
  new TextEncoder().encode(canonical(data)),
);
console.log(signed && sig.alg === "ES256" && certificate.verify(authority.publicKey));
