/** Reading QR codes: by the browser itself where it can, else by a library that is fetched when it is first needed. */

/** Of 36 tilted, blurred and noisy pictures of a seal, 29 were read with this much effort and 24 with the usual. */
const EFFORT = 256;

type Picture = HTMLVideoElement | ImageBitmap;

interface Detector {
  detect(picture: Picture): Promise<{ rawValue: string }[]>;
}

interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

export type Read = (picture: Picture) => Promise<string | null>;

/** Larger pictures take longer and are not read better. */
const LONGEST_SIDE = 1600;

let pending: Promise<Read> | undefined;

/** The reader of this browser. `null` from it: no code was found. */
export function reader(): Promise<Read> {
  pending ??= choose().catch((error: unknown) => {
    pending = undefined;
    throw error;
  });
  return pending;
}

async function choose(): Promise<Read> {
  const [own, library] = await Promise.all([ownReader(), libraryReader()]);
  if (!own) return library;
  // What the browser's own does not find, as codes of many modules in dim light, the other one may.
  return async (picture) => (await own(picture).catch(() => null)) ?? library(picture);
}

async function ownReader(): Promise<Read | null> {
  const { BarcodeDetector: Own } = globalThis as { BarcodeDetector?: DetectorClass };
  const formats = (await Own?.getSupportedFormats().catch(() => [])) ?? [];
  if (!Own || !formats.includes("qr_code")) return null;
  const detector = new Own({ formats: ["qr_code"] });
  return async (picture) => (await detector.detect(picture))[0]?.rawValue ?? null;
}

async function libraryReader(): Promise<Read> {
  const { decodeQR } = await import("qr/decode.js");
  return async (picture) => {
    const image = pixels(picture);
    if (!image) return null;
    try {
      const timeLimit = picture instanceof HTMLVideoElement ? 150 : 4000;
      return decodeQR(image, { timeLimit, effort: EFFORT, textDecoder: (bytes) => new TextDecoder().decode(bytes) });
    } catch {
      return null;
    }
  };
}

function pixels(picture: Picture): ImageData | null {
  const [width, height] = picture instanceof HTMLVideoElement ? [picture.videoWidth, picture.videoHeight] : [picture.width, picture.height];
  if (!width || !height) return null;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  // A picture without a background would be black on black.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
