import { useLocation } from "preact-iso";
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem, Unreachable } from "../../shared/api.ts";
import type { Wallet } from "../../shared/contract.ts";
import { Button, ButtonRow, LinkButton, NotificationBanner, ProgressBar, SummaryList, Tag } from "../../shared/components/index.ts";
import { formatClock, formatMoment } from "../../shared/format.ts";
import { t } from "../../shared/texts.ts";
import { rowsOfPermission } from "../cases/permission-card.tsx";
import { api } from "../connection.ts";
import { useSubmission } from "../forms/submission.ts";
import { links } from "../links.ts";
import { Failure } from "../loading.tsx";
import { Page } from "../page.tsx";
import { session } from "../session/session.ts";
import { v } from "../travel-texts.ts";
import { Code } from "./code.tsx";
import { forgetPermission, keepPermission, keptPermission } from "./kept.ts";
import { isLive, LOOK_AGAIN, ministryTime, secondsLeft, useNow } from "./live.ts";
import { keepPageForOffline } from "./offline.ts";
import { toneOfPermission } from "./permission-tone.ts";

/** `live`: the ministry has just said so. `asking`: it is being asked. `kept`: what the device has is all there is. */
type Word = "live" | "asking" | "kept";
/** `heard`: when this device had the ministry's answer, by its own clock. */
type Shown = { wallet: Wallet; word: Word; heard: number } | { error: unknown } | null;

/** The permission as it is shown at a desk or a gate; without a network, as this device last had it. */
export function WalletPage({ id }: { id: string }) {
  const [shown, setShown] = useState<Shown>(null);
  const [attempt, setAttempt] = useState(0);
  const again = () => setAttempt((count) => count + 1);
  const signedIn = session.value !== null;
  const { route } = useLocation();
  /** The case whose permission the holder removed from this device: looking anew must not put it by again. */
  const removed = useRef("");
  useEffect(() => {
    let current = true;
    const keeping = {
      keeps: () => removed.current !== id,
      show: (found: Shown) => current && setShown(found),
      lose: (error: unknown) => current && setShown((now) => unanswered(now) ?? { error }),
    };
    void look(id, keeping, () => current && route(links.signIn(links.permission(id)), true));
    addEventListener("online", again);
    addEventListener("offline", again);
    const looks = watch(() => void look(id, keeping, () => undefined, "quietly"));
    return () => {
      current = false;
      looks.stop();
      removeEventListener("online", again);
      removeEventListener("offline", again);
    };
  }, [id, attempt, signedIn]);
  if (!shown) return <Page title={v("wallet.title")}><ProgressBar label={t("loading.text")} /></Page>;
  if ("error" in shown) return <Failure error={shown.error} retry={again} />;
  return <Held id={id} {...shown} again={again} onRemove={() => (removed.current = id)} />;
}

/** Looks while the page is seen, at once when it is seen again, and only where somebody can be asked. */
function watch(lookAgain: () => void): { stop: () => void } {
  const lookIfSeen = () => {
    if (document.visibilityState === "visible" && navigator.onLine && session.value) lookAgain();
  };
  const timer = setInterval(lookIfSeen, LOOK_AGAIN);
  document.addEventListener("visibilitychange", lookIfSeen);
  return {
    stop: () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", lookIfSeen);
    },
  };
}

interface Looking {
  /** Whether the device may keep what the ministry says. */
  keeps: () => boolean;
  show: (shown: Shown) => void;
  /** Nobody answered, and the device keeps nothing: what is shown stays, for one failed look must not take the code away at a gate. */
  lose: (error: unknown) => void;
}

function unanswered(shown: Shown): Shown {
  return shown && "wallet" in shown ? { ...shown, word: "kept", heard: 0 } : null;
}

/** What the device keeps is there at once; what the ministry says replaces it. A device that keeps nothing is asked who it is. */
async function look(id: string, { keeps, show, lose }: Looking, signIn: () => void, quietly?: "quietly"): Promise<void> {
  const kept = await keptPermission(id).catch(() => null);
  if (!kept && !session.value && navigator.onLine) return signIn();
  const mute = !navigator.onLine || !session.value;
  if (kept && !quietly) show({ wallet: kept, word: mute ? "kept" : "asking", heard: 0 });
  if (kept && mute) return;
  try {
    const wallet = await (await api()).get<Wallet>(`/cases/${id}/permission`);
    show({ wallet, word: "live", heard: Date.now() });
    if (keeps()) await putBy(id, wallet, { page: !quietly || !kept });
  } catch (error) {
    const held = kept ?? (await keptPermission(id).catch(() => null));
    if (!isNone(error)) return held ? show({ wallet: held, word: "kept", heard: 0 }) : lose(told(error));
    // A device that forbids keeping has nothing to forget.
    await forgetPermission(id).catch(() => undefined);
    show({ error });
  }
}

/** The ministry has answered that there is none, or none for whoever asks. */
function isNone(error: unknown): boolean {
  return error instanceof Problem && [403, 404].includes(error.status);
}

function told(error: unknown): unknown {
  return error instanceof Problem || error instanceof Unreachable ? error : new Unreachable("offline");
}

/** A device that keeps nothing shows what the ministry has just said all the same. */
async function putBy(id: string, wallet: Wallet, { page }: { page: boolean }): Promise<void> {
  try {
    await keepPermission(id, wallet);
    if (page) await keepPageForOffline();
  } catch {
    // Full, blocked, or the network went in the middle: what was put by before stays.
  }
}

interface HeldProps {
  id: string;
  wallet: Wallet;
  word: Word;
  heard: number;
  again: () => void;
  onRemove: () => void;
}

function Held({ id, wallet, word: said, heard, again, onRemove }: HeldProps) {
  const now = useNow();
  // It is asked anew each time; where no answer comes, what was said is not the status of now.
  const word = said === "live" && !isLive(heard, now) ? "asking" : said;
  const form = useSubmission();
  const [removed, setRemoved] = useState(false);
  const download = () => void form.submit([], async () => save(await (await api()).get<{ name: string; pdf: string }>(`/cases/${id}/permission/page`, { timeout: 60_000 })));
  const remove = async () => {
    onRemove();
    await forgetPermission(id);
    setRemoved(true);
  };
  return (
    <Page title={v(`permission.${wallet.kind}`)} caption={<bdi>{wallet.name}</bdi>} back={{ href: links.case(id) }} errors={form.errors} mend={form.mend}>
      <Standing key={word} wallet={wallet} word={word} heard={heard} now={now} />
      <figure class="ryoji-code-figure">
        <Code rows={wallet.code} />
        <figcaption>{v("wallet.show")}</figcaption>
      </figure>
      <SummaryList
        rows={[
          { key: v("wallet.holder"), value: <bdi>{wallet.name}</bdi> },
          { key: v("wallet.passport"), value: <bdi>{`${wallet.document.issuing_state} ${wallet.document.number}`}</bdi> },
          ...rowsOfPermission(wallet),
        ]}
      />
      <ButtonRow>
        {word === "live" && wallet.status === "active" && <Button busy={form.busy} onClick={download}>{v("wallet.download")}</Button>}
        {word !== "live" && session.value && <Button busy={word === "asking"} onClick={again}>{v("wallet.ask_again")}</Button>}
        {word !== "live" && !session.value && <LinkButton href={links.signIn(links.permission(id))}>{v("wallet.sign_in")}</LinkButton>}
      </ButtonRow>
      <section class="ryoji-section" aria-labelledby="kept">
        <h2 id="kept">{v("wallet.kept")}</h2>
        <p>{v("wallet.kept_text")}</p>
        {removed ? <NotificationBanner kind="success" title={v("wallet.removed")} live headingLevel={3} /> : <Button variant="secondary" size="medium" onClick={remove}>{v("wallet.remove")}</Button>}
      </section>
    </Page>
  );
}

/** Milliseconds until it is said that the status is not known, while the ministry is being asked. */
const PATIENCE = 2000;

/** A status is the ministry's word of this moment, or it is not known; most often it is there before that has to be said. */
function Standing({ wallet, word, heard, now }: { wallet: Wallet; word: Word; heard: number; now: number }) {
  const [patient, setPatient] = useState(word === "asking");
  useEffect(() => {
    if (!patient) return;
    const timer = setTimeout(() => setPatient(false), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  const asOf = formatMoment(wallet.as_of);
  if (patient) return <p class="ryoji-note">{v("wallet.asking")}</p>;
  if (word === "live") {
    return (
      <>
        <p class="ryoji-standing">
          <span role="status"><Tag tone={toneOfPermission(wallet.status)}>{v(`permission.status.${wallet.status}`)}</Tag></span> <span>{v("wallet.as_of", { when: asOf })}</span>
        </p>
        <Running clock={ministryTime(wallet.as_of, heard, now)} left={secondsLeft(heard, now)} />
      </>
    );
  }
  return (
    <NotificationBanner kind="warning" title={v("wallet.unknown")} live>
      <p>{v("wallet.was", { status: v(`permission.status.${wallet.status}`), when: asOf })}</p>
    </NotificationBanner>
  );
}

/** What a picture of this page cannot have. It is read when somebody comes to it, and never aloud by itself. */
function Running({ clock, left }: { clock: number; left: number }) {
  return (
    <>
      <p class="ryoji-live" role="timer" aria-live="off">
        <span class="ryoji-live__clock">{v("wallet.live")} <bdi>{formatClock(clock)}</bdi></span> <span>{left > 0 ? v("wallet.next_look", { seconds: left }) : v("wallet.asking")}</span>
      </p>
      <p class="ryoji-note">{v("wallet.live_only")}</p>
    </>
  );
}

function save({ name, pdf }: { name: string; pdf: string }): void {
  const bytes = Uint8Array.from(atob(pdf), (letter) => letter.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
