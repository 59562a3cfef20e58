import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../shared/components/index.ts";
import { begin, check } from "./check.ts";
import { reader } from "./qr.ts";
import { v } from "./texts.ts";

/** Between two looks at the camera's picture: the rest of the page stays quick. */
const PAUSE_MILLISECONDS = 200;

export function hasCamera(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === "function";
}

type Problem = "refused" | "no_reader";

/** What reads codes could not be fetched: the camera itself was not even asked for. */
class NoReader extends Error {}

/** Looks for a code in the camera's picture until one is found; the picture leaves the device never. */
export function Camera() {
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (!open || !video.current) return;
    const looking = look(video.current, (text) => {
      setOpen(false);
      void check(text);
    });
    looking.failed.catch((error: unknown) => {
      setOpen(false);
      setProblem(error instanceof NoReader ? "no_reader" : "refused");
    });
    return looking.stop;
  }, [open]);
  const start = () => {
    setProblem(null);
    if (!open) begin();
    setOpen(!open);
  };
  return (
    <div class="ryoji-verify-source">
      <h3>{v("verify.camera.title")}</h3>
      <p>{v("verify.camera.hint")}</p>
      {open && <video class="ryoji-verify-camera" ref={video} autoplay muted playsInline aria-label={v("verify.camera.picture")} />}
      <Button size="medium" variant={open ? "secondary" : "primary"} onClick={start}>{v(open ? "verify.camera.stop" : "verify.camera.start")}</Button>
      <p class="ryoji-verify-problem" role="status">{open ? v("verify.camera.looking") : problem && v(`verify.camera.${problem}`)}</p>
    </div>
  );
}

function look(video: HTMLVideoElement, found: (text: string) => void): { stop: () => void; failed: Promise<void> } {
  const leaving = new AbortController();
  return { stop: () => leaving.abort(), failed: lookUntil(leaving.signal, video, found) };
}

async function lookUntil(left: AbortSignal, video: HTMLVideoElement, found: (text: string) => void): Promise<void> {
  const read = await reader().catch(() => {
    throw new NoReader();
  });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } } });
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  if (left.aborted) return stop();
  left.addEventListener("abort", stop);
  video.srcObject = stream;
  while (!left.aborted) {
    const text = await read(video);
    if (text && !left.aborted) return found(text);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
  }
}
