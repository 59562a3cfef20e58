import { UserManager, WebStorageStateStore, type User } from "oidc-client-ts";
import { language } from "../../shared/language.ts";
import type { Settings } from "../../shared/settings.ts";
import { fetchSettings } from "../connection.ts";
import { links } from "../links.ts";
import { AFTER_SIGN_OUT, forgetSession, openSession } from "./session.ts";

/** OIDC code flow with PKCE against Cognito's managed login. Loaded only by those who sign in. */

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
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
  });
}

/** Leaves for the sign-in page; afterwards the browser comes back to `returnTo`. */
export async function signIn(returnTo: string, email?: string): Promise<void> {
  const users = await userManager();
  await users.signinRedirect({ state: { returnTo }, login_hint: email, extraQueryParams: { lang: language.value } });
}

/** Ends the redirect: exchanges the code, and says where the person wanted to go. */
export async function finishSignIn(): Promise<string | undefined> {
  const users = await userManager();
  const user = await users.signinRedirectCallback();
  open(user);
  return (user.state as { returnTo?: string } | undefined)?.returnTo;
}

export async function renew(): Promise<boolean> {
  const users = await userManager();
  const user = await users.getUser();
  if (!user?.refresh_token) return false;
  const fresh = await users.signinSilent();
  if (fresh) open(fresh);
  return fresh !== null;
}

/** Signs out here and at Cognito, which does it by an address of its own and not by OIDC's. */
export async function signOut(because?: "idle"): Promise<void> {
  const { applicants } = await fetchSettings();
  forgetSession();
  if (!applicants.logout_url) return window.location.assign(links.signedOut(because));
  // Cognito returns to the site's root only: what the root shall show is left there for it.
  sessionStorage.setItem(AFTER_SIGN_OUT, links.signedOut(because));
  const query = new URLSearchParams({ client_id: applicants.client_id, logout_uri: `${window.location.origin}/` });
  window.location.assign(`${applicants.logout_url}?${query}`);
}

function open(user: User): void {
  openSession({ access: user.access_token, email: user.profile.email ?? "", expiresAt: user.expires_at ?? 0 });
}
