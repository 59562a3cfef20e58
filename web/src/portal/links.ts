import { language } from "../shared/language.ts";

/** Addresses of the portal in the page's language. */
const here = (path: string) => `/${language.value}${path}`;

export const links = {
  start: () => here("/"),
  procedure: (procedure: string) => here(`/${procedure}`),
  eligibility: (procedure: string) => here(`/${procedure}/eligibility`),
  begin: (procedure: string) => here(`/${procedure}/begin`),
  status: () => here("/status"),
  /** Another document: the verification page is not the portal's. */
  verify: () => here("/verify"),
  signUp: () => here("/sign-up"),
  signIn: (returnTo?: string) => here(`/sign-in${returnTo ? `?return=${encodeURIComponent(returnTo)}` : ""}`),
  signedOut: (because?: "idle") => here(`/signed-out${because ? `?because=${because}` : ""}`),
  account: () => here("/account"),
  privacy: () => here("/privacy"),
  accessibility: () => here("/accessibility"),
  case: (id: string) => here(`/cases/${id}`),
  identity: (id: string) => here(`/cases/${id}/identity`),
  section: (id: string, section: string) => here(`/cases/${id}/sections/${section}`),
  document: (id: string, document: string) => here(`/cases/${id}/documents/${document}`),
  check: (id: string) => here(`/cases/${id}/check`),
  sign: (id: string) => here(`/cases/${id}/sign`),
  submitted: (id: string) => here(`/cases/${id}/submitted`),
  /** Another document than the rest: its content security policy lets the payment provider's script in. */
  payment: (id: string) => here(`/cases/${id}/payment`),
  receipt: (id: string) => here(`/cases/${id}/receipt`),
  appointment: (id: string) => here(`/cases/${id}/appointment`),
  permission: (id: string) => here(`/cases/${id}/permission`),
  /** A fellow traveller: a new application that is made together with this one. */
  another: (id: string) => here(`/cases/${id}/another`),
  agency: (code: string) => here(`/agencies/${code}`),
  newGroup: (code: string) => here(`/agencies/${code}/group`),
  group: (code: string, group: string) => here(`/agencies/${code}/group?group=${group}`),
  messages: (id: string) => here(`/cases/${id}/messages`),
};

/** What is shown at a gate stays on the screen, however long the queue: nobody is asked there whether they are still there. */
export function isPermission(path: string): boolean {
  return /^\/[^/]+\/cases\/[^/]+\/permission$/.test(path);
}

/** Only a path of this site may be returned to: anything else would make the portal a springboard to elsewhere. */
export function safeReturn(path: string | null | undefined): string | undefined {
  return path && /^\/(?!\/|\\)[\w\-./?=&%~]*$/.test(path) ? path : undefined;
}
