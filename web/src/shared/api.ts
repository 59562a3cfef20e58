import { signal } from "@preact/signals";

/** One field that the server would not take: `pointer` is a JSON pointer such as `/contact/email`. */
export interface FieldProblem {
  pointer: string;
  code: string;
  detail: string;
}

/** An RFC 9457 problem body. Its texts are localised by the server. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly mend: string,
    readonly reference: string,
    readonly errors: FieldProblem[],
  ) {
    super(code);
    this.name = "Problem";
  }
}

/** No answer came: no network, the server is down, or it took too long. Whether the command took effect is unknown. */
export class Unreachable extends Error {
  constructor(readonly reason: "offline" | "timeout" | "server") {
    super(reason);
    this.name = "Unreachable";
  }
}

export interface CallOptions {
  /** Milliseconds to wait for an answer. */
  timeout?: number;
  signal?: AbortSignal;
  /** An anonymous call carries no token and never leads to the sign-in page. */
  anonymous?: boolean;
  /**
   * The Idempotency-Key of a command that the page knows better than its content does: two commands that say the same
   * and are meant as two have two keys, and one that is repeated has the key that it had.
   */
  key?: string;
}

export interface Api {
  get<T>(path: string, options?: CallOptions): Promise<T>;
  post<T>(path: string, body?: unknown, options?: CallOptions): Promise<T>;
  put<T>(path: string, body: unknown, options?: CallOptions): Promise<T>;
  delete<T>(path: string, options?: CallOptions): Promise<T>;
}

export interface ApiConnections {
  base: string;
  language: () => string;
  /** The bearer token, or null when nobody is signed in. */
  token: () => Promise<string | null>;
  /** Called on 401. True when there is a fresh token and the call may be made again. */
  renew: () => Promise<boolean>;
  newKey?: () => string;
  fetch?: typeof fetch;
  pause?: (milliseconds: number) => Promise<void>;
}

/** True while the last call found no server. */
export const unreachable = signal(false);

const TIMEOUT = 20_000;
const ATTEMPTS = 3;

/**
 * The client of Ryoji's API. A command carries an Idempotency-Key; when its outcome stays unknown, the same
 * command sent again carries the same key, so that pressing a button twice does nothing twice. What tells commands apart
 * is their content, unless the page gives the key.
 */
export function createApi(connections: ApiConnections): Api {
  const { base, newKey = () => crypto.randomUUID(), pause = sleep } = connections;
  const keysOfUnknownOutcome = new Map<string, string>();

  async function once(method: string, path: string, body: unknown, key: string | null, options: CallOptions) {
    const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": connections.language() };
    const token = options.anonymous ? null : await connections.token();
    if (token) headers["Authorization"] = `Bearer ${token}`;
    if (key) headers["Idempotency-Key"] = key;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const signal = anySignal(AbortSignal.timeout(options.timeout ?? TIMEOUT), options.signal);
    const send = connections.fetch ?? fetch;
    return send(base + path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  }

  async function patiently(method: string, path: string, body: unknown, key: string | null, options: CallOptions) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await once(method, path, body, key, options);
        if (!isTransient(answer.status) || attempt === ATTEMPTS) return answer;
      } catch (error) {
        if (options.signal?.aborted) throw error;
        if (attempt === ATTEMPTS || isTimeout(error)) throw new Unreachable(isTimeout(error) ? "timeout" : "offline");
      }
      await pause(400 * 2 ** attempt);
    }
  }

  async function call<T>(method: string, path: string, body: unknown, options: CallOptions = {}): Promise<T> {
    const command = method !== "GET";
    const intent = command && !options.key ? `${method} ${path} ${JSON.stringify(body)}` : null;
    const key = intent ? (keysOfUnknownOutcome.get(intent) ?? newKey()) : command ? (options.key ?? null) : null;
    if (intent && key) keysOfUnknownOutcome.set(intent, key);
    try {
      let answer = await patiently(method, path, body, key, options);
      if (answer.status === 401 && !options.anonymous && (await connections.renew())) {
        answer = await patiently(method, path, body, key, options);
      }
      unreachable.value = false;
      if (answer.status >= 500) throw await problemOf(answer);
      if (intent) keysOfUnknownOutcome.delete(intent);
      if (!answer.ok) throw await problemOf(answer);
      return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
    } catch (error) {
      if (error instanceof Unreachable) unreachable.value = true;
      throw error;
    }
  }

  return {
    get: (path, options) => call("GET", path, undefined, options),
    post: (path, body = {}, options) => call("POST", path, body, options),
    put: (path, body, options) => call("PUT", path, body, options),
    delete: (path, options) => call("DELETE", path, undefined, options),
  };
}

async function problemOf(answer: Response): Promise<Problem | Unreachable> {
  const body = await readJson(answer);
  if (!body?.code) return answer.status >= 500 ? new Unreachable("server") : bareProblem(answer.status);
  const { code = "", title = "", detail = "", mend = "", reference = "", errors = [] } = body;
  return new Problem(answer.status, code, title, detail, mend, reference, errors);
}

/** Gateways answer some errors themselves (an expired token, a limit) without our problem body. */
function bareProblem(status: number): Problem {
  const codes: Record<number, string> = { 401: "signed_out", 403: "forbidden", 404: "not_found", 409: "conflict", 429: "too_many" };
  return new Problem(status, codes[status] ?? "unexpected", "", "", "", "", []);
}

async function readJson(answer: Response): Promise<Partial<Problem> | null> {
  try {
    return (await answer.json()) as Partial<Problem>;
  } catch {
    return null;
  }
}

function isTransient(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

function anySignal(first: AbortSignal, second?: AbortSignal): AbortSignal {
  return second ? AbortSignal.any([first, second]) : first;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
