import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { FieldSchema, Procedure } from "../../shared/contract.ts";
import { LinkButton, Table } from "../../shared/components/index.ts";
import type { Described } from "../cases/store.ts";
import { RELATIONS } from "../cases/together.ts";
import { widgetOf } from "../forms/fields.ts";
import { choicesOf } from "../forms/schema-field.tsx";
import type { LabelledChoice } from "../forms/office-choices.ts";
import { v } from "../travel-texts.ts";
import { useObjectUrl } from "../wizard/picture.tsx";
import { RELATION, appliesAsFamily } from "./roster.ts";
import { DAY, TICK, templateOf } from "./template.ts";

interface Column {
  name: string;
  title: string;
  hint?: string;
  required: boolean;
  /** What is written there and how, where there is nothing to choose from. */
  form: { text: string; example?: string };
  choices: LabelledChoice[];
}

/** What a list may say: its columns with what may stand in each, and a list to be filled in. */
export function Columns({ described }: { described: Described }) {
  const { procedure } = described;
  const template = useMemo(() => new Blob([templateOf(described)], { type: "text/csv;charset=utf-8" }), [described]);
  const url = useObjectUrl(template);
  const columns = useMemo(() => allColumns(described), [described]);
  return (
    <>
      {url && (
        <p>
          <LinkButton variant="secondary" size="medium" href={url} download={`ryoji-${procedure.id}.csv`}>{v("group.template")}</LinkButton>
        </p>
      )}
      <p class="ryoji-note">{v("group.template_text")}</p>
      <Unfolded summary={v("group.columns")}>
        <Table
          caption={v("group.columns")}
          captionHidden
          rowKey={({ name }) => name}
          rows={columns}
          columns={[
            { id: "name", header: true, title: v("group.column"), cell: ({ name }) => <code dir="ltr">{name}</code> },
            { id: "title", title: v("group.column_title"), cell: (column) => <Meaning column={column} /> },
            { id: "values", title: v("group.column_values"), cell: ({ form, choices }) => (choices.length ? <Choices choices={choices} /> : <>{form.text} {form.example && <code dir="ltr">{form.example}</code>}</>) },
          ]}
        />
      </Unfolded>
    </>
  );
}

function allColumns({ procedure, offices }: Described): Column[] {
  const answers = procedure.sections.flatMap(({ id, schema, when }) =>
    Object.entries(schema.properties).map(([name, field]): Column => ({
      name: `${id}.${name}`,
      title: field.title ?? name,
      hint: field.description,
      // Of a section that is not everybody's, nothing is.
      required: !when && (schema.required?.includes(name) ?? false),
      form: formOf(field),
      choices: choicesOf({ schema: field }, offices),
    })),
  );
  return appliesAsFamily(procedure) ? [...answers, relationColumn()] : answers;
}

function relationColumn(): Column {
  const choices = RELATIONS.map((value) => ({ value, label: v(`companions.${value}`) }));
  return { name: RELATION, title: v("group.column_relation"), required: false, form: formOf({}), choices };
}

function formOf(schema: FieldSchema): Column["form"] {
  const widget = widgetOf(schema);
  if (widget === "checkbox") return { text: v("group.column_tick"), example: TICK };
  return widget === "date" ? { text: v("group.column_date"), example: DAY } : { text: v("group.column_text") };
}

function Meaning({ column: { title, hint, required } }: { column: Column }) {
  return (
    <>
      {title} {required && <strong>{v("group.column_required")}</strong>}
      {hint && <p class="ryoji-note">{hint}</p>}
    </>
  );
}

/** More than a reader takes in at a glance is opened when asked for. */
const AT_A_GLANCE = 12;

function Choices({ choices }: { choices: LabelledChoice[] }) {
  if (choices.length <= AT_A_GLANCE) return <ChoiceList choices={choices} />;
  return <Unfolded summary={v("group.column_choices", { count: choices.length })}><ChoiceList choices={choices} /></Unfolded>;
}

/** What is long is drawn when it is opened: the page is drawn anew with every picture that is sent. */
function Unfolded({ summary, children }: { summary: string; children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="ryoji-details" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {open && children}
    </details>
  );
}

function ChoiceList({ choices }: { choices: LabelledChoice[] }) {
  return <ul class="ryoji-list">{choices.map(({ value, label }) => <li key={value}><code dir="ltr">{value}</code> <bdi>{label}</bdi></li>)}</ul>;
}

/** How the documents are called in the names of their files. */
export function DocumentNames({ procedure }: { procedure: Procedure }) {
  const uploads = procedure.documents.filter(({ supply }) => supply === "upload");
  return (
    <details class="ryoji-details">
      <summary>{v("group.documents")}</summary>
      <ul class="ryoji-list">{uploads.map(({ id, title }) => <li key={id}><code dir="ltr">{id}</code> <bdi>{title}</bdi></li>)}</ul>
    </details>
  );
}
