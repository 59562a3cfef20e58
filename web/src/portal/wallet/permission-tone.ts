import type { Tone } from "../../shared/components/index.ts";
import type { PermissionStatus } from "../../shared/contract.ts";

/** Green can be travelled with; red was taken away. */
export function toneOfPermission(status: PermissionStatus): Tone {
  if (status === "active") return "green";
  return status === "revoked" || status === "cancelled" ? "red" : "neutral";
}
