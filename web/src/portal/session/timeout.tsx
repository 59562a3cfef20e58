import { useEffect, useState } from "preact/hooks";
import { Button, Dialog } from "../../shared/components/index.ts";
import { t } from "../../shared/texts.ts";
import { c } from "../case-texts.ts";
import { renewSession } from "./session.ts";

/** Milliseconds without a key, a tap or a scroll until the person is asked, and then until they are signed out. */
const IDLE = 25 * 60_000;
const GRACE = 5 * 60_000;
const SIGNS_OF_LIFE = ["keydown", "pointerdown", "scroll"] as const;

/** Nobody is signed out unasked: the dialog says when, and one press stays. What was saved stays in any case. */
export function SessionTimeout() {
  const [idleSince, setIdleSince] = useState(() => Date.now());
  const [now, setNow] = useState(() => Date.now());
  const [unreachable, setUnreachable] = useState(false);
  const [busy, setBusy] = useState(false);
  const asking = now - idleSince >= IDLE;
  useEffect(() => {
    const alive = () => setIdleSince(Date.now());
    const clock = setInterval(() => setNow(Date.now()), 10_000);
    // Once the question is on the screen only an answer counts.
    if (!asking) SIGNS_OF_LIFE.forEach((sign) => addEventListener(sign, alive, { passive: true }));
    return () => {
      clearInterval(clock);
      SIGNS_OF_LIFE.forEach((sign) => removeEventListener(sign, alive));
    };
  }, [asking]);
  useEffect(() => {
    if (now - idleSince >= IDLE + GRACE) void leave("idle");
  }, [now]);
  const stay = async () => {
    setBusy(true);
    const renewal = await renewSession();
    setBusy(false);
    setUnreachable(renewal === "unreachable");
    if (renewal === "ended") return leave("idle");
    if (renewal === "unreachable") return;
    setIdleSince(Date.now());
    setNow(Date.now());
  };
  const minutes = Math.max(1, Math.ceil((idleSince + IDLE + GRACE - now) / 60_000));
  return (
    <Dialog
      open={asking}
      role="alertdialog"
      title={c("timeout.title")}
      onClose={stay}
      actions={
        <>
          <Button busy={busy} onClick={stay}>{c("timeout.stay")}</Button>
          <Button variant="secondary" onClick={() => leave()}>{t("frame.sign_out")}</Button>
        </>
      }
    >
      <p>{c("timeout.text", { minutes })}</p>
      <p>{c("timeout.saved")}</p>
      {unreachable && <p role="alert" class="ryoji-field__error">{c("timeout.unreachable")}</p>}
    </Dialog>
  );
}

async function leave(because?: "idle"): Promise<void> {
  const { signOut } = await import("./oidc.ts");
  await signOut(because);
}
