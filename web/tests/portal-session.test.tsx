import { ErrorResponse } from "oidc-client-ts";
import { LocationProvider } from "preact-iso";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const users = { getUser: vi.fn(), signinSilent: vi.fn(), signinRedirect: vi.fn() };
vi.mock("oidc-client-ts", async (original) => ({
  ...(await original<typeof import("oidc-client-ts")>()),
  UserManager: class {
    getUser = users.getUser;
    signinSilent = users.signinSilent;
    signinRedirect = users.signinRedirect;
  },
}));

const SETTINGS = { api: "/api", applicants: { cognito_url: "/cognito", client_id: "portal", logout_url: "/logout" } };
const asked: { url: string; init?: RequestInit }[] = [];
const answers = new Map<string, () => Response>();
const deleted: string[] = [];
const left: string[] = [];

beforeEach(() => {
  vi.resetModules();
  asked.length = deleted.length = left.length = 0;
  answers.clear();
  sessionStorage.clear();
  users.getUser.mockResolvedValue({ refresh_token: "refresh" });
  users.signinSilent.mockReset();
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const url = String(input);
    asked.push({ url, init });
    if (url === "/settings.json") return Response.json(SETTINGS);
    const answer = answers.get(url);
    if (!answer) throw new TypeError("Failed to fetch");
    return answer();
  });
  vi.stubGlobal("caches", { delete: async (name: string) => deleted.push(name) });
  vi.spyOn(window.location, "assign").mockImplementation((to) => void left.push(String(to)));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function signedIn() {
  const [session, oidc, connection] = await Promise.all([
    import("../src/portal/session/session.ts"),
    import("../src/portal/session/oidc.ts"),
    import("../src/portal/connection.ts"),
  ]);
  session.openSession({ access: "a", email: "hanako@example.jp", expiresAt: Date.now() / 1000 + 3600 });
  sessionStorage.setItem("ryoji.unsaved.1.trip", "{}");
  return { ...session, ...oidc, ...connection };
}

describe("a session that nobody chose to end", () => {
  it("ends alone: the kept permission and what is typed stay", async () => {
    const { session, signOut } = await signedIn();
    await signOut("idle");
    expect(session.value).toBeNull();
    expect(deleted).toEqual([]);
    expect(sessionStorage.getItem("ryoji.unsaved.1.trip")).toBe("{}");
    expect(left[0]).toMatch(/^\/logout/);
  });

  it("takes everything along when the person signs out", async () => {
    const { signOut } = await signedIn();
    await signOut();
    expect(deleted).toEqual(["ryoji-permissions"]);
    expect(sessionStorage.getItem("ryoji.unsaved.1.trip")).toBeNull();
  });
});

it.each([
  ["ja", "ja"],
  ["zh-Hans", "zh-CN"],
  ["id", "id"],
  ["ar", "en"],
] as const)("who reads %s is sent to Cognito's pages in %s", async (code, sent) => {
  const [{ signIn }, { language }] = await Promise.all([import("../src/portal/session/oidc.ts"), import("../src/shared/language.ts")]);
  language.value = code;
  await signIn("/account");
  expect(users.signinRedirect).toHaveBeenLastCalledWith(expect.objectContaining({ extraQueryParams: { lang: sent } }));
});

describe("a sign-out", () => {
  it("revokes the refresh token, and does not wait for that", async () => {
    const { signOut } = await signedIn();
    await signOut();
    await vi.waitFor(() => expect(asked.at(-1)?.url).toBe("/cognito"));
    const [revoked] = asked.filter(({ url }) => url === "/cognito");
    expect(new Headers(revoked?.init?.headers).get("X-Amz-Target")).toMatch(/\.RevokeToken$/);
    expect(JSON.parse(String(revoked?.init?.body))).toEqual({ ClientId: "portal", Token: "refresh" });
    expect(revoked?.init?.keepalive).toBe(true);
    expect(left).toHaveLength(1);
  });
});

describe("renewing", () => {
  it.each([
    ["ended", new ErrorResponse({ error: "invalid_grant" })],
    ["unreachable", new ErrorResponse({ error: "server_error" })],
    ["unreachable", new TypeError("Failed to fetch")],
    ["unreachable", new Error("Bad Gateway (502)")],
  ])("is %s after %s", async (renewal, error) => {
    const { renewSession } = await signedIn();
    users.signinSilent.mockRejectedValue(error);
    expect(await renewSession()).toBe(renewal);
  });

  it("keeps the session, and says that nobody could be reached, when a call is refused without a network", async () => {
    const { session, api } = await signedIn();
    answers.set("/api/cases", () => Response.json({}, { status: 401 }));
    users.signinSilent.mockRejectedValue(new TypeError("Failed to fetch"));
    const { Unreachable } = await import("../src/shared/api.ts");
    await expect((await api()).get("/cases")).rejects.toBeInstanceOf(Unreachable);
    expect(session.value).not.toBeNull();
  });
});

const settle = () => act(() => new Promise<void>((resolve) => void setTimeout(resolve, 20)));
const press = (place: Element, name: RegExp) => act(() => [...place.querySelectorAll("button")].find((button) => name.test(button.textContent ?? ""))?.click());

describe("staying signed in without a network", () => {
  it("keeps the question on the screen and says so", async () => {
    const { session } = await signedIn();
    const [{ SessionTimeout }, { caseTexts }, { changeLanguage }] = await Promise.all([import("../src/portal/session/timeout.tsx"), import("../src/portal/case-texts.ts"), import("../src/shared/texts.ts")]);
    await caseTexts.load("en");
    await changeLanguage("en");
    users.signinSilent.mockRejectedValue(new TypeError("Failed to fetch"));
    vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
    const place = document.createElement("div");
    document.body.append(place);
    await act(() => render(<SessionTimeout />, place));
    await act(() => void vi.advanceTimersByTime(26 * 60_000));
    await press(place, /Stay signed in/);
    await settle();
    expect(place.querySelector("dialog [role=alert]")?.textContent).toMatch(/could not be reached/);
    expect(session.value).not.toBeNull();
    expect(left).toEqual([]);
    render(null, place);
  });
});

async function signUpPage() {
  const [{ SignUp }, { caseTexts }, { changeLanguage }] = await Promise.all([import("../src/portal/session/sign-up.tsx"), import("../src/portal/case-texts.ts"), import("../src/shared/texts.ts")]);
  await caseTexts.load("en");
  await changeLanguage("en");
  const place = document.createElement("div");
  document.body.replaceChildren(place);
  await act(() => render(<LocationProvider><SignUp /></LocationProvider>, place));
  return place;
}

async function makeAccount(place: Element) {
  for (const [id, value] of [["email", "hanako@example.jp"], ["password", "Correct-horse-1"]] as const) {
    const input = place.querySelector<HTMLInputElement>(`#${id}`);
    if (!input) throw new Error(id);
    await act(() => {
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  await act(() => void place.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true })));
  await settle();
}

const refusal = (type: string) => Response.json({ __type: type }, { status: 400 });

describe("making an account", () => {
  it("goes on with the code after a reload", async () => {
    answers.set("/cognito", () => Response.json({}));
    await makeAccount(await signUpPage());
    vi.resetModules();
    expect((await signUpPage()).querySelector("#code")).not.toBeNull();
  });

  it("sends a code again to an account that was begun and never confirmed", async () => {
    const replies = [refusal("UsernameExistsException"), Response.json({})];
    answers.set("/cognito", () => replies.shift() ?? Response.json({}));
    const place = await signUpPage();
    await makeAccount(place);
    expect(place.querySelector("#code")).not.toBeNull();
    expect(place.textContent).toContain("begun before");
  });

  it("says of a confirmed one that it is there", async () => {
    const replies = [refusal("UsernameExistsException"), refusal("InvalidParameterException")];
    answers.set("/cognito", () => replies.shift() ?? Response.json({}));
    const place = await signUpPage();
    await makeAccount(place);
    expect(place.querySelector("[role=alert]")?.textContent).toContain("already");
  });

  it("says when nobody can be reached, and points at nothing that is not there", async () => {
    const place = await signUpPage();
    await makeAccount(place);
    expect(place.querySelector("[role=alert]")?.textContent).toMatch(/offline/);
    answers.set("/cognito", () => refusal("TooManyRequestsException"));
    await makeAccount(place);
    expect(place.querySelector("[role=alert]")?.textContent).toContain("Too many");
    expect(place.querySelector("[role=alert] a")).toBeNull();
  });
});
