/** What the deployment writes to `/settings.json`. */
export interface Settings {
  api: string;
  region: string;
  applicants: {
    authority: string;
    issuer: string;
    client_id: string;
    authorize_url: string;
    token_url: string;
    logout_url: string;
    redirect_path: string;
    cognito_url: string;
  };
  officers: { client_id: string; cognito_url: string };
  card: { url: string };
  stripe: { publishable_key: string; js_url: string; api_origin: string };
  sandbox: boolean;
  sandbox_pages?: { title: string; url: string }[];
}

let pending: Promise<Settings> | undefined;

/** Fetches the settings once; a failed attempt is forgotten, so that the page's "try again" can succeed. */
export function loadSettings(): Promise<Settings> {
  pending ??= fetchSettings().catch((error: unknown) => {
    pending = undefined;
    throw error;
  });
  return pending;
}

async function fetchSettings(): Promise<Settings> {
  const answer = await fetch("/settings.json", { cache: "no-cache", signal: AbortSignal.timeout(15_000) });
  if (!answer.ok) throw new Error(`settings.json: ${answer.status}`);
  return answer.json();
}
