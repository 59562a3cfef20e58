import { device } from "../shared/storage.ts";
import { isEnd, type End, type OnlineAnswer } from "./online.ts";
import { fingerprint } from "./seal/bytes.ts";
import type { Content } from "./seal/profile.ts";

const PREFIX = "ryoji-ended:";

/** An end that the service told of, and when it did. */
interface KnownEnd {
  permission: End;
  told: Date;
}

type Kept = Partial<Record<"permission" | "told" | "until", string>>;

/** Keeps on this device that a permission has ended, to say it without a network too; an end that was taken back goes. */
export async function keepEnd(content: Content, permission: OnlineAnswer["permission"], now: Date): Promise<void> {
  dropOldEnds(now);
  const place = await placeOf(content);
  // After its last day the seal itself says enough.
  if (isEnd(permission)) device.set(place, JSON.stringify({ permission, told: now.toISOString(), until: content["valid_until"] }));
  else device.remove(place);
}

/** The end that this device was told of; null where it was told of none. */
export async function knownEnd(content: Content): Promise<KnownEnd | null> {
  const { permission, told } = read(await placeOf(content));
  const when = new Date(told ?? "");
  return isEnd(permission) && !Number.isNaN(when.getTime()) ? { permission, told: when } : null;
}

/** Forgets the permissions whose last day is over. */
export function dropOldEnds(now: Date): void {
  const today = now.toISOString().slice(0, 10);
  const places = device.keys().filter((place) => place.startsWith(PREFIX));
  for (const place of places) if ((read(place).until ?? "") < today) device.remove(place);
}

/** The number itself is not kept: whoever looks through the device finds no list of permissions. */
async function placeOf(content: Content): Promise<string> {
  return PREFIX + (await fingerprint(new TextEncoder().encode(String(content["number"]))));
}

/** What is kept at a place; nothing where somebody damaged it. */
function read(place: string): Kept {
  try {
    const kept: unknown = JSON.parse(device.get(place) ?? "{}");
    return (kept ?? {}) as Kept;
  } catch {
    return {};
  }
}
