import { useEffect } from "preact/hooks";
import { c } from "./texts.ts";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} — ${c("product")}`;
  }, [title]);
}
