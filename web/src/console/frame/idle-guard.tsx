import { useEffect, useRef, useState } from "preact/hooks";
import { type IdleWatch, LIMITS, watchIdle } from "../idle.ts";
import { Button, Dialog } from "../parts.tsx";
import { signOut } from "../session.ts";
import { c } from "../texts.ts";

/** Nobody's desk shows somebody's passport: an unattended console signs out, after asking. */
export function IdleGuard() {
  const [left, setLeft] = useState<number | null>(null);
  const watch = useRef<IdleWatch | null>(null);
  useEffect(() => {
    watch.current = watchIdle(LIMITS, setLeft, () => void signOut("idle"));
    return () => watch.current?.stop();
  }, []);
  if (left === null) return null;
  const minutes = Math.max(1, Math.ceil(left / 60_000));
  return (
    <Dialog title={c("idle.title")} alert onClose={() => undefined}>
      <div class="desk-dialog__body">
        <p role="timer">{c("idle.text", { minutes })}</p>
        <p>{c("idle.kept")}</p>
      </div>
      <div class="desk-dialog__foot">
        <Button onClick={() => void signOut("chosen")}>{c("nav.sign_out")}</Button>
        <Button kind="primary" autofocus onClick={() => watch.current?.touch()}>
          {c("idle.stay")}
        </Button>
      </div>
    </Dialog>
  );
}
