import { ErrorResponse, UserManager, WebStorageStateStore, type AsyncStorage, type User } from "oidc-client-ts";
import { language, type Language } from "../../shared/language.ts";
import type { Settings } from "../../shared/settings.ts";
import { tab } from "../../shared/storage.ts";
import { fetchSettings } from "../connection.ts";
import { links } from "../links.ts";
import { revoke } from "./cognito.ts";
import { AFTER_SIGN_OUT, endSession, forgetSession, openSession, type Renewal } from "./session.ts";

/** OIDC code flow with PKCE against Cognito's managed login. Loaded only by those who sign in. */

const tabStore: AsyncStorage = {
  get length() {
    return Promise.resolve(tab.keys().length);
  },
  clear: async () => tab.keys().forEach((key) => tab.remove(key)),
  getItem: async (key) => tab.get(key),
  key: async (index) => tab.keys()[index] ?? null,
  removeItem: async (key) => tab.remove(key),
  setItem: async (key, value) => tab.set(key, value),
};

let manager: UserManager | undefined;

async function userManager(): Promise<UserManager> {
  manager ??= managerFor(await fetchSettings());
  return manager;
}

function managerFor({ applicants }: Settings): UserManager {
  const here = window.location.origin;
  return new UserManager({
    authority: applicants.authority,
    client_id: applicants.client_id,
    redirect_uri: here + applicants.redirect_path,
    response_type: "code",
    scope: "openid email ryoji/apply",
    automaticSilentRenew: false,
    loadUserInfo: false,
    // Given here, so that no discovery document has to be fetched (and allowed in the content security policy).
    metadata: {
      issuer: applicants.issuer,
      authorization_endpoint: applicants.authorize_url,
      token_endpoint: applicants.token_url,
    },
    userStore: new WebStorageStateStore({ store: tabStore }),
    stateStore: new WebStorageStateStore({ store: tabStore }),
  });
}

/** Cognito's own codes for the languages that its pages have (managed login); it has no Arabic. */
const LANGUAGES_OF_COGNITO: Record<Language, string> = { ja: "ja", en: "en", "zh-Hans": "zh-CN", id: "id", ar: "en" };

/** Leaves for the sign-in page; afterwards the browser comes back to `returnTo`. */
export async function signIn(returnTo: string, email?: string): Promise<void> {
  const users = await userManager();
  await users.signinRedirect({ state: { returnTo }, login_hint: email, extraQueryParams: { lang: LANGUAGES_OF_COGNITO[language.value] } });
}

/** Ends the redirect: exchanges the code, and says where the person wanted to go. */
export async function finishSignIn(): Promise<string | undefined> {
  const users = await userManager();
  const user = await users.signinRedirectCallback();
  open(user);
  return (user.state as { returnTo?: string } | undefined)?.returnTo;
}

export async function renew(): Promise<Renewal> {
  const users = await userManager();
  const user = await users.getUser();
  if (!user?.refresh_token) return "ended";
  try {
    const fresh = await users.signinSilent();
    if (fresh) open(fresh);
    return fresh ? "ok" : "ended";
  } catch (error) {
    return hasEnded(error) ? "ended" : "unreachable";
  }
}

/** OAuth's words for "ask again later" (RFC 6749, 4.1.2.1). */
const PASSING = ["server_error", "temporarily_unavailable", "slow_down"];

/** Cognito says that the session is over; a Cognito that does not answer says nothing. */
function hasEnded(error: unknown): boolean {
  return error instanceof ErrorResponse && !PASSING.includes(error.error ?? "");
}

/**
 * Signs out here and at Cognito, which does it by an address of its own and not by OIDC's. Who was only away for long
 * finds again what was typed, and the permissions that the device keeps.
 */
export async function signOut(because?: "idle"): Promise<void> {
  const { applicants } = await fetchSettings();
  const ended = await userManager().then((users) => users.getUser()).catch(() => null);
  if (because === "idle") endSession();
  else forgetSession();
  // Best effort: it outlives the page, and nobody waits for it.
  if (ended?.refresh_token) revoke(ended.refresh_token).catch(() => undefined);
  // Without a network there is no other document to go to; the page's guard leads to the sign-in.
  if (because === "idle" && !navigator.onLine) return;
  if (!applicants.logout_url) return window.location.assign(links.signedOut(because));
  // Cognito returns to the site's root only: what the root shall show is left there for it.
  tab.set(AFTER_SIGN_OUT, links.signedOut(because));
  const query = new URLSearchParams({ client_id: applicants.client_id, logout_uri: `${window.location.origin}/` });
  window.location.assign(`${applicants.logout_url}?${query}`);
}

function open(user: User): void {
  openSession({ access: user.access_token, email: user.profile.email ?? "", expiresAt: user.expires_at ?? 0 });
}
