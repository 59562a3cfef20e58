import { Unreachable } from "../../shared/api.ts";
import { fetchSettings } from "../connection.ts";

/** Making an account: Cognito's own JSON API, which answers to the public client without a secret. */

export class AccountProblem extends Error {
  constructor(readonly code: string) {
    super(code);
    this.name = "AccountProblem";
  }
}

export async function signUp(email: string, password: string): Promise<void> {
  await ask("SignUp", { Username: email, Password: password, UserAttributes: [{ Name: "email", Value: email }] });
}

export async function confirmSignUp(email: string, code: string): Promise<void> {
  await ask("ConfirmSignUp", { Username: email, ConfirmationCode: code });
}

export async function resendCode(email: string): Promise<void> {
  await ask("ResendConfirmationCode", { Username: email });
}

/** Ends what a refresh token was good for. The request outlives the page that made it. */
export async function revoke(refreshToken: string): Promise<void> {
  await ask("RevokeToken", { Token: refreshToken }, { keepalive: true });
}

async function ask(operation: string, body: Record<string, unknown>, options: RequestInit = {}): Promise<void> {
  const { applicants } = await fetchSettings().catch(asUnreachable);
  const answer = await fetch(applicants.cognito_url, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify({ ClientId: applicants.client_id, ...body }),
    signal: AbortSignal.timeout(20_000),
    ...options,
  }).catch(asUnreachable);
  if (answer.ok) return;
  if (answer.status >= 500) throw new Unreachable("server");
  throw new AccountProblem(await codeOf(answer));
}

function asUnreachable(error: unknown): never {
  throw new Unreachable(error instanceof DOMException && error.name === "TimeoutError" ? "timeout" : "offline");
}

async function codeOf(answer: Response): Promise<string> {
  const body = (await answer.json().catch(() => ({}))) as { __type?: string };
  return body.__type?.split("#").pop() ?? "unexpected";
}

export interface PasswordRule {
  id: "length" | "lower" | "upper" | "digit" | "symbol";
  met: boolean;
}

/** The pool's rules, each with whether the password meets it. */
export function passwordRules(password: string): PasswordRule[] {
  return [
    { id: "length", met: [...password].length >= 12 },
    { id: "lower", met: /\p{Ll}/u.test(password) },
    { id: "upper", met: /\p{Lu}/u.test(password) },
    { id: "digit", met: /\d/.test(password) },
    { id: "symbol", met: /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/.test(password) },
  ];
}
