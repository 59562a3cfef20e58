/** Where the console's screens stand. */

export const QUEUE = "/console/";
export const COUNTER = "/console/counter";
export const STATISTICS = "/console/statistics";
export const AGENCIES = "/console/agencies";

export function caseUrl(caseId: string): string {
  return `/console/cases/${caseId}`;
}

export function agencyUrl(code: string): string {
  return `${AGENCIES}/${encodeURIComponent(code)}`;
}

export function handoverUrl(caseId: string): string {
  return `/console/counter/${caseId}`;
}
