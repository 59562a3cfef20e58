/** What is no seal at all: nothing to read, or not the one form that a serialiser writes. */
export class NotASeal extends Error {
  constructor(readonly status: "READ_ERROR" | "WRONG_FORMAT") {
    super(status);
  }
}

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** Deeper than any seal; what is deeper has no reader that would agree with another. */
const MOST_LEVELS = 400;

const STRING = /"(?:[^"\\]|\\.)*"/y;
const NUMBER = /-?[0-9]+/y;
const WORDS: [string, null | boolean][] = [["null", null], ["true", true], ["false", false]];

/**
 * A JSON object exactly as a serialiser writes it: no blank, no second name, whole numbers, nothing behind it.
 * `JSON.parse` is too lenient: of two members of one name it takes the last, and it reads many spellings of one text.
 * Throws `NotASeal`: READ_ERROR for no text or more than `most` characters, else WRONG_FORMAT.
 */
export function strictJson(text: string, most: number): JsonObject {
  // A character outside of the basic plane is one, as in the verifier of the service.
  if (!text || text.length > 2 * most || [...text].length > most) throw new NotASeal("READ_ERROR");
  const reader = new Reader(text);
  const value = reader.value(0);
  if (!reader.atEnd() || !isObject(value)) throw new NotASeal("WRONG_FORMAT");
  return value;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

class Reader {
  private place = 0;
  constructor(private readonly text: string) {}

  atEnd(): boolean {
    return this.place === this.text.length;
  }

  value(level: number): Json {
    if (level > MOST_LEVELS) throw new NotASeal("WRONG_FORMAT");
    const first = this.text[this.place];
    if (first === "{") return this.object(level);
    if (first === "[") return this.list(level);
    if (first === '"') return this.string();
    const word = WORDS.find(([written]) => this.text.startsWith(written, this.place));
    if (!word) return this.number();
    this.place += word[0].length;
    return word[1];
  }

  private object(level: number): JsonObject {
    // Without a prototype `__proto__` is a name like any other.
    const found: JsonObject = Object.create(null) as JsonObject;
    this.take("{");
    if (this.has("}")) return found;
    do {
      const name = this.string();
      if (name in found) throw new NotASeal("WRONG_FORMAT");
      this.take(":");
      found[name] = this.value(level + 1);
    } while (this.has(","));
    this.take("}");
    return found;
  }

  private list(level: number): Json[] {
    const found: Json[] = [];
    this.take("[");
    if (this.has("]")) return found;
    do found.push(this.value(level + 1));
    while (this.has(","));
    this.take("]");
    return found;
  }

  private string(): string {
    const written = this.match(STRING);
    const value = parsed(written);
    // One spelling of every text: `\u0041` for `A` is another, and a lone surrogate has none.
    if (typeof value !== "string" || JSON.stringify(value) !== written || /\p{Surrogate}/u.test(value)) throw new NotASeal("WRONG_FORMAT");
    return value;
  }

  private number(): number {
    const written = this.match(NUMBER);
    const value = Number(written);
    if (!Number.isSafeInteger(value) || String(value) !== written) throw new NotASeal("WRONG_FORMAT");
    return value;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.place;
    const [found] = pattern.exec(this.text) ?? [];
    if (found === undefined) throw new NotASeal("WRONG_FORMAT");
    this.place += found.length;
    return found;
  }

  private has(sign: string): boolean {
    if (this.text[this.place] !== sign) return false;
    this.place += 1;
    return true;
  }

  private take(sign: string): void {
    if (!this.has(sign)) throw new NotASeal("WRONG_FORMAT");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotASeal("WRONG_FORMAT");
  }
}
