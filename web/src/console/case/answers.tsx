import type { DeskCase } from "../desk.ts";
import { Panel } from "../parts.tsx";
import { c } from "../texts.ts";
import { type Description, type FieldSchema, useDescription } from "./description.ts";

/** Everything the applicant typed, under the names that the form itself uses. */
export function AnswersPanel({ id, file }: { id: string; file: DeskCase }) {
  const fields = byPlace(useDescription(file.procedure));
  const filled = file.sections.filter((section) => Object.keys(section.answers).length > 0);
  return (
    <Panel id={id} title={c("answers.title")}>
      <div class="desk-answers">
        {filled.map((section) => (
          <section key={section.id}>
            <h3 class="desk-subtitle">{section.title}</h3>
            <dl class="desk-facts">
              {Object.entries(section.answers).map(([name, value]) => {
                const field = fields[`${section.id}/${name}`];
                return (
                  <div key={name}>
                    <dt>{field?.title ?? name}</dt>
                    <dd>{shown(value, field)}</dd>
                  </div>
                );
              })}
            </dl>
          </section>
        ))}
      </div>
    </Panel>
  );
}

/** The fields by `section/field`; without them the answers stand under their plain names. */
function byPlace(description: Description): Record<string, FieldSchema> {
  return Object.fromEntries(
    description.sections.flatMap((section) =>
      Object.entries(section.schema.properties ?? {}).map(([name, field]) => [`${section.id}/${name}`, field]),
    ),
  );
}

function shown(value: unknown, field: FieldSchema | undefined): string {
  if (value === null || value === undefined || value === "") return "—";
  if (typeof value === "boolean") return c(value ? "yes" : "no");
  if (Array.isArray(value)) return value.map((each) => shown(each, field)).join(", ");
  if (typeof value === "object") return JSON.stringify(value);
  return field?.["x-ryoji"]?.enum_labels?.[String(value)] ?? String(value);
}
