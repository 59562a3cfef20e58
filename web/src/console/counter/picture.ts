/** Pictures on a canvas: no blob: address is needed, so the page's content security policy can stay closed. */

const LONGEST_SIDE = 2000;
const QUALITY = 0.92;

/** Draws the source at its own size, or smaller when it is very large. */
export function drawn(canvas: HTMLCanvasElement, source: CanvasImageSource, width: number, height: number): void {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d")?.drawImage(source, 0, 0, canvas.width, canvas.height);
}

export function asJpeg(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("canvas.toBlob"))), "image/jpeg", QUALITY);
  });
}
