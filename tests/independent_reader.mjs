// A reader of VDS-NC seals that shares nothing with Ryoji's verifiers: Node's WebCrypto and X509Certificate, and RFC 8785
// by the package json-canonicalize (the page has another package for it, the functions a third).
// node independent_reader.mjs < {"seal": text, "authority": base64 DER}   prints true or false
import { X509Certificate, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { canonicalize } from "json-canonicalize";

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
  new TextEncoder().encode(canonicalize(data)),
);
console.log(signed && sig.alg === "ES256" && certificate.verify(authority.publicKey));
