import { useState } from "preact/hooks";
import { draftKey } from "./session.ts";

/**
 * State that survives a reload and a lost session: what an officer typed for one case. It stays in this tab's
 * sessionStorage under the officer's name, and goes when it is sent or when the officer signs out.
 */
export function useDraft<T>(form: string, empty: T): [T, (next: T) => void, () => void] {
  const [held, hold] = useState<T>(() => read(draftKey(form)) ?? empty);
  const keep = (next: T) => {
    sessionStorage.setItem(draftKey(form), JSON.stringify(next));
    hold(next);
  };
  const drop = () => {
    sessionStorage.removeItem(draftKey(form));
    hold(empty);
  };
  return [held, keep, drop];
}

function read<T>(key: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}
