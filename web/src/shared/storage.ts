/**
 * The browser's storage, or memory where the browser forbids it: then nothing outlives the page, and the page still opens.
 */
type Place = "sessionStorage" | "localStorage";

export interface Keeping {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
}

export function keepingIn(place: Place): Keeping {
  const memory = new Map<string, string>();
  /** Even naming the storage throws where it is blocked; writing also throws where it is full. */
  const tried = <T>(inBrowser: (storage: Storage) => T, inMemory: () => T): T => {
    try {
      return inBrowser(globalThis[place]);
    } catch {
      return inMemory();
    }
  };
  return {
    get: (key) => memory.get(key) ?? tried((storage) => storage.getItem(key), () => null),
    set(key, value) {
      memory.delete(key);
      tried((storage) => storage.setItem(key, value), () => void memory.set(key, value));
    },
    remove(key) {
      memory.delete(key);
      tried((storage) => storage.removeItem(key), () => undefined);
    },
    keys: () => [...memory.keys(), ...tried((storage) => Object.keys(storage), () => [])],
  };
}

/** Belongs to the one tab and ends with it. */
export const tab = keepingIn("sessionStorage");

/** Stays on the device. */
export const device = keepingIn("localStorage");
