/** Single-key shortcuts: off in text fields and dialogs, and off altogether when the officer says so (WCAG 2.1.4). */

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Button, Dialog } from "./parts.tsx";
import { c, type ConsoleKey } from "./texts.ts";

export type Shortcuts = Record<string, () => void>;

const STORED = "ryoji.console.shortcuts";
const PREFIX_LIFETIME = 1500;

export const shortcutsOn = signal(localStorage.getItem(STORED) !== "off");

function turnShortcuts(on: boolean): void {
  shortcutsOn.value = on;
  localStorage.setItem(STORED, on ? "on" : "off");
}

/** `{"j": …, "g q": …}`: a key, or two keys one after the other. The latest `shortcuts` are the ones that run. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    let prefix = { key: "", at: 0 };
    const press = (event: KeyboardEvent) => {
      if (!shortcutsOn.value || event.defaultPrevented || !isFree(event)) return;
      const begun = Date.now() - prefix.at < PREFIX_LIFETIME ? `${prefix.key} ` : "";
      const deed = latest.current[begun + event.key] ?? latest.current[event.key];
      prefix = { key: event.key, at: Date.now() };
      if (!deed) return;
      event.preventDefault();
      prefix = { key: "", at: 0 };
      deed();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

function isFree(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (document.querySelector("dialog[open]")) return false;
  const target = event.target as HTMLElement;
  return !target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

const GROUPS: { title: ConsoleKey; rows: { keys: string[]; text: ConsoleKey }[] }[] = [
  {
    title: "help.everywhere",
    rows: [
      { keys: ["?"], text: "help.open" },
      { keys: ["g", "q"], text: "help.queue" },
      { keys: ["g", "c"], text: "help.counter" },
    ],
  },
  {
    title: "help.in_queue",
    rows: [
      { keys: ["/"], text: "help.search" },
      { keys: ["j"], text: "help.next_row" },
      { keys: ["k"], text: "help.previous_row" },
      { keys: ["Enter"], text: "help.open_row" },
      { keys: ["c"], text: "help.claim_row" },
      { keys: ["r"], text: "help.reload" },
    ],
  },
  {
    title: "help.in_case",
    rows: [
      { keys: ["1", "–", "9", "0"], text: "help.jump" },
      { keys: ["a"], text: "help.actions" },
      { keys: ["n"], text: "help.next_case" },
      { keys: ["p"], text: "help.previous_case" },
      { keys: ["r"], text: "help.reload" },
    ],
  },
  {
    title: "help.in_picture",
    rows: [
      { keys: ["+"], text: "help.zoom_in" },
      { keys: ["-"], text: "help.zoom_out" },
      { keys: ["0"], text: "help.fit" },
      { keys: ["<"], text: "help.rotate_left" },
      { keys: [">"], text: "help.rotate_right" },
      { keys: ["←", "↑", "→", "↓"], text: "help.move" },
    ],
  },
];

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={c("help.title")} onClose={onClose} size="wide">
      <label class="desk-check">
        <input type="checkbox" checked={shortcutsOn.value} onChange={(event) => turnShortcuts(event.currentTarget.checked)} />
        {c("help.switch")}
      </label>
      <div class="desk-shortcuts">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3 class="desk-shortcuts__title">{c(group.title)}</h3>
            <dl class="desk-shortcuts__list">
              {group.rows.map((row) => (
                <div key={row.text}>
                  <dt>
                    {row.keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{c(row.text)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div class="desk-dialog__foot">
        <Button kind="primary" onClick={onClose}>
          {c("close")}
        </Button>
      </div>
    </Dialog>
  );
}
