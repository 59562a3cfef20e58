import { useEffect, useRef, useState } from "preact/hooks";
import type { CaseDocument } from "../desk.ts";
import { Button, Dialog, Loading, OutcomeChip } from "../parts.tsx";
import { nameOfCheck, nameOfDocument } from "../names.ts";
import { c } from "../texts.ts";
import { useClock } from "../moments.ts";
import { usePictureUrl } from "./picture-url.ts";
import { fitted, STEPS, turned, zoomed } from "./view.ts";

/** One document's picture with its findings; zoom and rotation by buttons, keys and dragging. */
export function DocumentFigure({ caseId, document }: { caseId: string; document: CaseDocument }) {
  const { shortMoment } = useClock();
  const [large, setLarge] = useState(false);
  const title = nameOfDocument(document);
  const titleId = `document-${document.id}`;
  return (
    <figure class="desk-document" data-kind={document.checks.includes("image") ? "small" : "large"} aria-labelledby={titleId}>
      <figcaption class="desk-document__caption">
        <h3 class="desk-document__title" id={titleId}>
          {title}
        </h3>
        <span class="desk-chips">
          {document.findings.map((finding) => (
            <OutcomeChip key={finding.check} outcome={finding.outcome} label={nameOfCheck(finding)} />
          ))}
        </span>
        <span class="desk-quiet">
          {document.received_at ? c("documents.received", { at: shortMoment(document.received_at) }) : ""}
        </span>
      </figcaption>
      <Viewer caseId={caseId} document={document} onEnlarge={() => setLarge(true)} />
      {large && (
        <Dialog title={title} size="full" onClose={() => setLarge(false)}>
          <Viewer caseId={caseId} document={document} tall />
        </Dialog>
      )}
    </figure>
  );
}

interface ViewerProps {
  caseId: string;
  document: CaseDocument;
  tall?: boolean;
  onEnlarge?: () => void;
}

function Viewer({ caseId, document, tall = false, onEnlarge }: ViewerProps) {
  const picture = usePictureUrl(caseId, document.id, document.upload_id);
  const stage = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const [natural, setNatural] = useState({ width: 0, height: 0 });
  const [zoom, setZoom] = useState(1);
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    if (!stage.current) return undefined;
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setRoom({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    watch.observe(stage.current);
    return () => watch.disconnect();
  }, []);

  // Zooming keeps the middle of what is seen in the middle.
  useEffect(() => {
    const held = stage.current;
    if (!held) return;
    held.scrollLeft = (held.scrollWidth - held.clientWidth) / 2;
    held.scrollTop = (held.scrollHeight - held.clientHeight) / 2;
  }, [zoom, turn, natural, room]);

  const box = fitted(natural, room, turn, zoom);
  const fit = () => {
    setZoom(1);
    setTurn(0);
  };
  const keys: Record<string, () => void> = {
    "+": () => setZoom(zoomed(zoom, 1)),
    ";": () => setZoom(zoomed(zoom, 1)),
    "=": () => setZoom(zoomed(zoom, 1)),
    "-": () => setZoom(zoomed(zoom, -1)),
    "0": fit,
    "<": () => setTurn(turned(turn, -90)),
    ">": () => setTurn(turned(turn, 90)),
  };
  const press = (event: KeyboardEvent) => {
    const deed = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!deed) return;
    event.preventDefault();
    event.stopPropagation();
    deed();
  };

  const title = nameOfDocument(document);
  const percent = Math.round(zoom * 100);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys pressed on the picture or on any of its tools arrive here
    <div class="desk-viewer" role="group" aria-label={title} data-tall={tall ? "yes" : "no"} onKeyDown={press}>
      <div class="desk-viewer__tools" role="group" aria-label={c("viewer.tools", { document: title })}>
        <Tool label={c("viewer.zoom_out")} sign="−" off={zoom <= (STEPS[0] ?? 1)} onPress={() => setZoom(zoomed(zoom, -1))} />
        <output class="desk-viewer__zoom" aria-live="polite">
          {c("viewer.zoom", { percent })}
        </output>
        <Tool label={c("viewer.zoom_in")} sign="+" off={zoom >= (STEPS[STEPS.length - 1] ?? 1)} onPress={() => setZoom(zoomed(zoom, 1))} />
        <Tool label={c("viewer.rotate_left")} sign="↺" onPress={() => setTurn(turned(turn, -90))} />
        <Tool label={c("viewer.rotate_right")} sign="↻" onPress={() => setTurn(turned(turn, 90))} />
        <Button small kind="plain" onClick={fit}>
          {c("viewer.fit")}
        </Button>
        {onEnlarge && (
          <Button small kind="plain" onClick={onEnlarge} aria-label={c("viewer.enlarge_this", { document: title })}>
            {c("viewer.enlarge")}
          </Button>
        )}
      </div>
      <div
        ref={stage}
        class="desk-viewer__stage"
        tabIndex={0}
        role="group"
        aria-label={c("viewer.stage", { document: title, percent, turn })}
        onPointerDown={(event) => dragToScroll(event, stage.current)}
      >
        {picture.failed && <p class="desk-document__none">{c("viewer.failed")}</p>}
        {!picture.url && !picture.failed && <Loading />}
        {picture.url && !picture.failed && (
          <div class="desk-viewer__box" style={{ width: `${box.width}px`, height: `${box.height}px` }}>
            <img
              class="desk-viewer__picture"
              alt={title}
              src={picture.url}
              draggable={false}
              style={{ width: `${box.pictureWidth}px`, transform: `translate(-50%, -50%) rotate(${turn}deg)` }}
              onLoad={(event) => setNatural({ width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight })}
              onError={picture.retry}
            />
          </div>
        )}
      </div>
    </div>
  );
}

function Tool({ label, sign, off = false, onPress }: { label: string; sign: string; off?: boolean; onPress: () => void }) {
  return (
    <button type="button" class="desk-tool" aria-label={label} title={label} aria-disabled={off || undefined} onClick={off ? undefined : onPress}>
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}

/** Dragging only scrolls: scroll bars, arrow keys and buttons do the same without it. */
function dragToScroll(event: PointerEvent, stage: HTMLDivElement | null): void {
  if (!stage || event.pointerType !== "mouse" || event.button !== 0) return;
  const from = { x: event.clientX + stage.scrollLeft, y: event.clientY + stage.scrollTop };
  const move = (moved: PointerEvent) => stage.scrollTo(from.x - moved.clientX, from.y - moved.clientY);
  const end = () => window.removeEventListener("pointermove", move);
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", end, { once: true });
}
