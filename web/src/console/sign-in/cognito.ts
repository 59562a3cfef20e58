/**
 * The few operations of Amazon Cognito's JSON API that an officer's sign-in needs.
 *
 * No SDK: six POSTs. Nothing here keeps state; the caller holds the step it is in.
 */

export interface Tokens {
  access: string;
  refresh: string;
  /** Seconds from now until the access token ends. */
  lifetime: number;
}

/** Where a sign-in stands: what must be asked next, or that it is done. */
export type SignInStep =
  | { kind: "credentials" }
  | { kind: "code"; username: string; session: string }
  | { kind: "set_up"; username: string; session: string; secret: string }
  | { kind: "new_password"; username: string; session: string }
  | { kind: "signed_in"; username: string; tokens: Tokens };

/** Message keys `sign_in.problem.<code>`. */
export type SignInProblemCode =
  | "credentials"
  | "code"
  | "expired"
  | "password_policy"
  | "reset_required"
  | "too_many"
  | "unsupported"
  | "unreachable";

export class SignInProblem extends Error {
  constructor(readonly code: SignInProblemCode) {
    super(code);
  }
}

export interface CognitoPlace {
  url: string;
  clientId: string;
}

interface CognitoAnswer {
  ChallengeName?: string;
  Session?: string;
  ChallengeParameters?: Record<string, string>;
  AuthenticationResult?: { AccessToken: string; RefreshToken?: string; ExpiresIn?: number };
  SecretCode?: string;
  Status?: string;
}

export async function startSignIn(place: CognitoPlace, username: string, password: string): Promise<SignInStep> {
  const answer = await call(place, "InitiateAuth", {
    AuthFlow: "USER_PASSWORD_AUTH",
    ClientId: place.clientId,
    AuthParameters: { USERNAME: username, PASSWORD: password },
  });
  return next(place, username, answer);
}

export async function answerCode(
  place: CognitoPlace,
  step: { username: string; session: string },
  code: string,
): Promise<SignInStep> {
  return respond(place, step, "SOFTWARE_TOKEN_MFA", { SOFTWARE_TOKEN_MFA_CODE: code });
}

export async function answerNewPassword(
  place: CognitoPlace,
  step: { username: string; session: string },
  password: string,
): Promise<SignInStep> {
  return respond(place, step, "NEW_PASSWORD_REQUIRED", { NEW_PASSWORD: password });
}

/** Prove that the authenticator app holds the secret, then finish the sign-in that asked for it. */
export async function answerSetUp(
  place: CognitoPlace,
  step: { username: string; session: string },
  code: string,
): Promise<SignInStep> {
  const verified = await call(place, "VerifySoftwareToken", { Session: step.session, UserCode: code }, "code");
  if (verified.Status !== "SUCCESS") throw new SignInProblem("code");
  return respond(place, { ...step, session: verified.Session ?? step.session }, "MFA_SETUP", {});
}

/** New access token from the refresh token; the refresh token itself may be rotated by the pool. */
export async function renew(place: CognitoPlace, refresh: string): Promise<Tokens> {
  const answer = await call(
    place,
    "InitiateAuth",
    { AuthFlow: "REFRESH_TOKEN_AUTH", ClientId: place.clientId, AuthParameters: { REFRESH_TOKEN: refresh } },
    "expired",
  );
  return tokensOf(answer, refresh);
}

export async function revoke(place: CognitoPlace, refresh: string): Promise<void> {
  await call(place, "RevokeToken", { ClientId: place.clientId, Token: refresh });
}

/** The text that an authenticator app reads from a QR code (Google's Key Uri Format). */
export function otpauthUri(issuer: string, username: string, secret: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(username)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}

async function respond(
  place: CognitoPlace,
  step: { username: string; session: string },
  challenge: string,
  responses: Record<string, string>,
): Promise<SignInStep> {
  const answer = await call(
    place,
    "RespondToAuthChallenge",
    {
      ChallengeName: challenge,
      ClientId: place.clientId,
      Session: step.session,
      ChallengeResponses: { USERNAME: step.username, ...responses },
    },
    "expired",
  );
  return next(place, step.username, answer);
}

async function next(place: CognitoPlace, typed: string, answer: CognitoAnswer): Promise<SignInStep> {
  // Someone who signs in with an alias must answer the challenge with the name that the pool gives back.
  const username = answer.ChallengeParameters?.USER_ID_FOR_SRP ?? typed;
  const session = answer.Session ?? "";
  switch (answer.ChallengeName) {
    case undefined:
      return { kind: "signed_in", username, tokens: tokensOf(answer) };
    case "SOFTWARE_TOKEN_MFA":
      return { kind: "code", username, session };
    case "NEW_PASSWORD_REQUIRED":
      return { kind: "new_password", username, session };
    case "MFA_SETUP": {
      const associated = await call(place, "AssociateSoftwareToken", { Session: session });
      const secret = associated.SecretCode ?? "";
      return { kind: "set_up", username, session: associated.Session ?? session, secret };
    }
    default:
      throw new SignInProblem("unsupported");
  }
}

function tokensOf(answer: CognitoAnswer, refresh = ""): Tokens {
  const result = answer.AuthenticationResult;
  if (!result) throw new SignInProblem("unsupported");
  return {
    access: result.AccessToken,
    refresh: result.RefreshToken ?? refresh,
    lifetime: result.ExpiresIn ?? 3600,
  };
}

// One text for "no such user" and "wrong password": the page must not tell who has an account.
const PROBLEMS: Record<string, SignInProblemCode> = {
  NotAuthorizedException: "credentials",
  UserNotFoundException: "credentials",
  UserNotConfirmedException: "credentials",
  CodeMismatchException: "code",
  EnableSoftwareTokenMFAException: "code",
  ExpiredCodeException: "expired",
  InvalidPasswordException: "password_policy",
  PasswordHistoryPolicyViolationException: "password_policy",
  PasswordResetRequiredException: "reset_required",
  TooManyRequestsException: "too_many",
  TooManyFailedAttemptsException: "too_many",
  LimitExceededException: "too_many",
};

async function call(
  place: CognitoPlace,
  operation: string,
  body: Record<string, unknown>,
  notAuthorized: SignInProblemCode = "credentials",
): Promise<CognitoAnswer> {
  let response: Response;
  try {
    response = await fetch(place.url, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify(body),
      credentials: "omit",
    });
  } catch {
    throw new SignInProblem("unreachable");
  }
  const answer = (await response.json().catch(() => ({}))) as CognitoAnswer & { __type?: string };
  if (response.ok) return answer;
  const type = (answer.__type ?? "").split("#").pop() ?? "";
  if (type === "NotAuthorizedException") throw new SignInProblem(notAuthorized);
  throw new SignInProblem(PROBLEMS[type] ?? (response.status >= 500 ? "unreachable" : "unsupported"));
}
