import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Dialog } from "../../shared/components/index.ts";
import { c } from "../case-texts.ts";

export function hasCamera(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === "function";
}

interface CameraProps {
  open: boolean;
  onClose: () => void;
  onTaken: (picture: File) => void;
  /** The camera towards the person for portraits, the one at the back for documents. */
  facing: "user" | "environment";
}

/** Takes a picture with the device's camera. The preview is a mirror, as people expect; the picture is not. */
export function Camera({ open, onClose, onTaken, facing }: CameraProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [refused, setRefused] = useState(false);
  // Until the first frame is there a picture would be of nothing.
  const [ready, setReady] = useState(false);
  useEffect(() => {
    if (!open) return;
    let stream: MediaStream | null = null;
    let left = false;
    setRefused(false);
    setReady(false);
    navigator.mediaDevices
      .getUserMedia({ video: { facingMode: facing, width: { ideal: 1920 }, height: { ideal: 1440 } } })
      .then((granted) => {
        stream = granted;
        if (left) return stop(granted);
        if (video.current) video.current.srcObject = granted;
      })
      .catch(() => setRefused(true));
    return () => {
      left = true;
      if (stream) stop(stream);
    };
  }, [open, facing]);
  const take = async () => {
    const picture = video.current && (await still(video.current));
    if (picture) onTaken(picture);
  };
  return (
    <Dialog
      open={open}
      title={c("camera.title")}
      onClose={onClose}
      actions={
        <>
          {!refused && <Button busy={!ready} onClick={take}>{c("camera.take")}</Button>}
          <Button variant="secondary" onClick={onClose}>{c("camera.close")}</Button>
        </>
      }
    >
      {refused ? (
        <p role="alert">{c("camera.refused")}</p>
      ) : (
        <video class="ryoji-camera" ref={video} data-facing={facing} autoplay muted playsInline onLoadedData={() => setReady(true)} aria-label={c("camera.preview")} />
      )}
      <p>{facing === "user" ? c("camera.portrait_hint") : c("camera.page_hint")}</p>
    </Dialog>
  );
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

async function still(video: HTMLVideoElement): Promise<File | null> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, "image/jpeg", 0.95);
  });
  return blob && new File([blob], "camera.jpg", { type: "image/jpeg" });
}
