import { useEffect } from "preact/hooks";
import { offered } from "../shared/language.ts";

/** While this page is shown, only the procedure's own languages are offered. */
export function useOffered(languages: readonly string[] | undefined): void {
  useEffect(() => {
    offered.value = languages?.length ? languages : null;
    return () => {
      offered.value = null;
    };
  }, [languages?.join()]);
}
