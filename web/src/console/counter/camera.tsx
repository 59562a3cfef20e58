import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Notice } from "../parts.tsx";
import { c } from "../texts.ts";
import { asJpeg, drawn } from "./picture.ts";

interface CameraProps {
  busy: boolean;
  onPicture: (picture: Blob) => void;
}

type State = "off" | "starting" | "live" | "taken" | "refused";

/** A picture of the person at the counter: by this machine's camera, or from a file where there is none. */
export function Camera({ busy, onPicture }: CameraProps) {
  const [state, setState] = useState<State>("off");
  const [broken, setBroken] = useState(false);
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const stream = useRef<MediaStream | null>(null);
  /** Counts every start and stop: a camera that is allowed only after the officer went on is turned off at once. */
  const turn = useRef(0);

  const stop = () => {
    turn.current += 1;
    stream.current?.getTracks().forEach((track) => track.stop());
    stream.current = null;
  };
  useEffect(() => stop, []);

  const start = async () => {
    setState("starting");
    setBroken(false);
    const mine = ++turn.current;
    try {
      const opened = await navigator.mediaDevices.getUserMedia({ audio: false, video: { width: { ideal: 1920 }, height: { ideal: 1080 } } });
      if (mine !== turn.current) return opened.getTracks().forEach((track) => track.stop());
      stream.current = opened;
      if (video.current) {
        video.current.srcObject = stream.current;
        await video.current.play();
      }
      if (mine === turn.current) setState("live");
    } catch {
      if (mine !== turn.current) return;
      stop();
      setState("refused");
    }
  };
  const take = () => {
    if (!video.current || !canvas.current) return;
    drawn(canvas.current, video.current, video.current.videoWidth, video.current.videoHeight);
    stop();
    setState("taken");
  };
  const choose = async (file: File | undefined) => {
    if (!file || !canvas.current) return;
    try {
      const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
      drawn(canvas.current, bitmap, bitmap.width, bitmap.height);
      bitmap.close();
      setBroken(false);
      stop();
      setState("taken");
    } catch {
      setBroken(true);
    }
  };
  const send = async () => {
    if (canvas.current) onPicture(await asJpeg(canvas.current));
  };

  return (
    <div class="desk-camera">
      <div class="desk-camera__stage" data-state={state}>
        <video ref={video} class="desk-camera__video" muted playsInline hidden={state !== "live"} aria-label={c("camera.live")} />
        <canvas ref={canvas} class="desk-camera__still" hidden={state !== "taken"} role="img" aria-label={c("camera.taken")} />
        {(state === "off" || state === "refused") && <p class="desk-document__none">{c("camera.off")}</p>}
        {state === "starting" && <p class="desk-document__none">{c("camera.starting")}</p>}
      </div>
      {state === "refused" && (
        <Notice tone="warning" title={c("camera.refused")} live>
          <p>{c("camera.refused_mend")}</p>
        </Notice>
      )}
      {broken && <Notice tone="bad" title={c("camera.not_a_picture")} live />}
      <div class="desk-buttons">
        {(state === "off" || state === "starting" || state === "refused") && (
          <Button kind="primary" busy={state === "starting"} onClick={() => void start()}>
            {c("camera.start")}
          </Button>
        )}
        {state === "live" && (
          <Button kind="primary" onClick={take}>
            {c("camera.take")}
          </Button>
        )}
        {state === "taken" && (
          <>
            <Button kind="primary" busy={busy} onClick={() => void send()}>
              {c("camera.compare")}
            </Button>
            <Button onClick={() => void start()}>{c("camera.again")}</Button>
          </>
        )}
      </div>
      <label class="desk-file">
        <span>{c("camera.file")}</span>
        <input type="file" accept="image/jpeg,image/png,image/webp" capture="environment" onChange={(event) => void choose(event.currentTarget.files?.[0])} />
      </label>
    </div>
  );
}
