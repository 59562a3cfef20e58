import { fromBase64, isSame } from "./bytes.ts";
import { isMadeBy, readCertificate, readRevocations, type Certificate, type RevocationList } from "./certificates.ts";
import { isObject, type Json } from "./strict-json.ts";
import { isSigned, open } from "./vdsnc.ts";

const MOST_CHARACTERS = 512 * 1024;

/** A CA that may issue signers for one state, with its revocation list. */
export interface Authority {
  state: string;
  certificate: Certificate;
  revocations: RevocationList;
}

/** Whom the page believes: the published list, verified. */
export interface Trust {
  authorities: Authority[];
  /** Which of them signed the list. */
  signer: Certificate;
  /** When the list was made. */
  issued: Date;
}

/** Reads the published list; throws when it is none, or is not signed by an authority that it names. */
export async function readTrust(text: string): Promise<Trust> {
  const { data, algorithm, certificate, signature, signed } = open(text, MOST_CHARACTERS);
  if (!Array.isArray(data["authorities"]) || typeof data["issued"] !== "string") throw new TypeError("not a trust list");
  const authorities = await Promise.all(data["authorities"].map(authority));
  const signer = authorities.find((each) => isSame(each.certificate.der, certificate))?.certificate;
  const issued = new Date(data["issued"]);
  if (!signer || Number.isNaN(issued.getTime())) throw new TypeError("not a trust list");
  if (!(await isSigned(signed, algorithm, signature, signer.publicKey))) throw new TypeError("the trust list is not signed");
  return { authorities, signer, issued };
}

async function authority(entry: Json): Promise<Authority> {
  if (!isObject(entry)) throw new TypeError("not an authority");
  const certificate = readCertificate(fromBase64(entry["certificate"]));
  const revocations = readRevocations(fromBase64(entry["revocations"]));
  const own = (await isMadeBy(certificate, certificate)) && (await isMadeBy(revocations, certificate));
  if (!own) throw new TypeError("an authority did not sign what is its own");
  return { state: String(entry["state"]), certificate, revocations };
}
