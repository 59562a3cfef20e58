import type { ComponentChildren } from "preact";

export type Tone = "neutral" | "blue" | "green" | "yellow" | "red";

/** A short state in words; the colour only repeats them. */
export function Tag({ tone = "neutral", children }: { tone?: Tone; children: ComponentChildren }) {
  return <strong class="ryoji-tag" data-tone={tone}>{children}</strong>;
}
