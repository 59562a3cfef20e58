import { afterEach, describe, expect, it, vi } from "vitest";
import { answerCode, answerSetUp, otpauthUri, renew, SignInProblem, startSignIn } from "./cognito.ts";

const place = { url: "https://pool.example/", clientId: "desk" };

/** Answers in order; what was asked is kept. */
function pool(...answers: { status?: number; body: unknown }[]) {
  const asked: { target: string; body: Record<string, unknown> }[] = [];
  vi.stubGlobal("fetch", async (_url: string, request: RequestInit) => {
    const headers = request.headers as Record<string, string>;
    asked.push({ target: headers["X-Amz-Target"] ?? "", body: JSON.parse(String(request.body)) });
    const { status = 200, body } = answers.shift() ?? { status: 500, body: {} };
    return new Response(JSON.stringify(body), { status });
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

describe("sign-in", () => {
  it("asks for the second factor under the name that the pool gives back", async () => {
    pool({ body: { ChallengeName: "SOFTWARE_TOKEN_MFA", Session: "s", ChallengeParameters: { USER_ID_FOR_SRP: "sato" } } });
    expect(await startSignIn(place, "sato@example.go.jp", "x")).toEqual({ kind: "code", username: "sato", session: "s" });
  });

  it("answers the code and gets tokens", async () => {
    const asked = pool({ body: { AuthenticationResult: { AccessToken: "a", RefreshToken: "r", ExpiresIn: 300 } } });
    const step = await answerCode(place, { username: "sato", session: "s" }, "123456");
    expect(step).toEqual({ kind: "signed_in", username: "sato", tokens: { access: "a", refresh: "r", lifetime: 300 } });
    expect(asked[0]?.target).toBe("AWSCognitoIdentityProviderService.RespondToAuthChallenge");
    expect(asked[0]?.body.ChallengeResponses).toEqual({ USERNAME: "sato", SOFTWARE_TOKEN_MFA_CODE: "123456" });
  });

  it("fetches a secret when the app is not set up, and verifies it before going on", async () => {
    const asked = pool(
      { body: { ChallengeName: "MFA_SETUP", Session: "s1" } },
      { body: { SecretCode: "ABC", Session: "s2" } },
      { body: { Status: "SUCCESS", Session: "s3" } },
      { body: { AuthenticationResult: { AccessToken: "a", RefreshToken: "r" } } },
    );
    const step = await startSignIn(place, "sato", "x");
    expect(step).toEqual({ kind: "set_up", username: "sato", session: "s2", secret: "ABC" });
    if (step.kind !== "set_up") return;
    expect((await answerSetUp(place, step, "123456")).kind).toBe("signed_in");
    expect(asked.map(({ body }) => body.Session)).toEqual([undefined, "s1", "s2", "s3"]);
  });

  it("does not tell an unknown user from a wrong password", async () => {
    pool({ status: 400, body: { __type: "UserNotFoundException" } }, { status: 400, body: { __type: "NotAuthorizedException" } });
    const codes = await Promise.all([1, 2].map(() => startSignIn(place, "x", "y").catch((error: SignInProblem) => error.code)));
    expect(codes).toEqual(["credentials", "credentials"]);
  });

  it("calls a challenge that ended too late, not wrong", async () => {
    pool({ status: 400, body: { __type: "NotAuthorizedException" } });
    await expect(answerCode(place, { username: "sato", session: "s" }, "1")).rejects.toMatchObject({ code: "expired" });
  });

  it("keeps the refresh token when the pool does not rotate it", async () => {
    pool({ body: { AuthenticationResult: { AccessToken: "b", ExpiresIn: 60 } } });
    expect(await renew(place, "r")).toEqual({ access: "b", refresh: "r", lifetime: 60 });
  });

  it("says when nobody answers", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
    await expect(startSignIn(place, "x", "y")).rejects.toMatchObject({ code: "unreachable" });
  });

  it("writes what an authenticator app reads", () => {
    expect(otpauthUri("Ryoji", "sato hana", "ABC")).toBe("otpauth://totp/Ryoji:sato%20hana?secret=ABC&issuer=Ryoji");
  });
});
