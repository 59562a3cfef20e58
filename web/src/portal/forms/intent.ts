import { useMemo } from "preact/hooks";
import { language } from "../../shared/language.ts";

/**
 * The key of what a page was opened for: pressing its button again is the same deed, and the same page opened again is
 * another one. Members of a family begin with the same answers and get an application each.
 */
export function useIntent(...of: string[]): string {
  // In another language the request is another one, and a key belongs to one request.
  return useMemo(() => crypto.randomUUID(), [...of, language.value]);
}
