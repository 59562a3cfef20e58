import type { CaseStatus, CaseView } from "../../shared/contract.ts";
import { LinkButton, Tag } from "../../shared/components/index.ts";
import { links } from "../links.ts";
import { useLoad } from "../loading.tsx";
import { toneOf } from "../tone.ts";
import { v } from "../travel-texts.ts";
import { describeProcedure } from "./store.ts";
import { fetchTogether } from "./together.ts";

/** Nobody travels along on what has ended. */
const ENDED: CaseStatus[] = ["refused", "withdrawn", "lapsed"];

/** Who applies together with this applicant, and the way to add one more. */
export function Companions({ kase }: { kase: CaseView }) {
  const joined = kase.group ?? kase.case_id;
  const known = useLoad(async () => {
    const { procedure } = await describeProcedure(kase.procedure);
    // Strangers are a group, which an agency files. Its families are said in its list: the column `relation`.
    if (!procedure.together.includes("family")) return null;
    return (await fetchTogether(joined)).filter((row) => row.case_id !== kase.case_id);
  }, [kase.case_id, kase.procedure]);
  if (known.state !== "ready" || known.value === null) return null;
  const mayAdd = kase.agency === null && !ENDED.includes(kase.status);
  if (!mayAdd && !known.value.length) return null;
  return (
    <section class="ryoji-section" aria-labelledby="companions">
      <h2 id="companions">{v("companions.title")}</h2>
      {kase.relation && <p>{v("companions.relation", { relation: v(`companions.${kase.relation}`) })}</p>}
      <p>{known.value.length ? v("companions.count", { count: known.value.length }) : v("companions.none")}</p>
      <ul class="ryoji-list">
        {known.value.map((row) => (
          <li key={row.case_id}>
            <a href={links.case(row.case_id)}><bdi>{row.applicant ?? v("companions.nameless")}</bdi></a> <Tag tone={toneOf(row.status, row.permission)}>{row.status_text}</Tag>
          </li>
        ))}
      </ul>
      {mayAdd && (
        <div class="ryoji-button-row">
          <LinkButton variant="secondary" size="medium" href={links.another(kase.case_id)}>{v("companions.add")}</LinkButton>
        </div>
      )}
    </section>
  );
}
