import type { NamedCase } from "../desk.ts";
import { caseUrl } from "../places.ts";
import { c } from "../texts.ts";

/** Another application: a link where this officer may open it; of another desk, its number and whose it is. */
export function OtherCase({ other, unnamed = other.case_id }: { other: NamedCase; unnamed?: string }) {
  const name = other.reference ?? unnamed;
  if (other.may_open) {
    return (
      <a class="desk-reference" href={caseUrl(other.case_id)}>
        {name}
      </a>
    );
  }
  return (
    <span>
      <span class="desk-reference">{name}</span> {other.desk && <span class="desk-quiet">{c("others.desk", { desk: other.desk })}</span>}
    </span>
  );
}
