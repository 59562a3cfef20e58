import type { ComponentChildren } from "preact";
import type { CaseView } from "../../shared/contract.ts";
import { t } from "../../shared/texts.ts";
import { Loaded, useLoad } from "../loading.tsx";
import { useOffered } from "../offered.ts";
import { describeProcedure, useCase, type Described } from "./store.ts";

interface WithCaseProps {
  id: string;
  children: (kase: CaseView) => ComponentChildren;
}

export function WithCase({ id, children }: WithCaseProps) {
  return <Loaded of={useCase(id)} title={t("loading.title")}>{(kase) => <Offering procedure={kase.procedure}>{children(kase)}</Offering>}</Loaded>;
}

/** Limits the languages to choose from to the procedure's; without its description all are offered. */
function Offering({ procedure, children }: { procedure: string; children: ComponentChildren }) {
  const described = useLoad(() => describeProcedure(procedure), [procedure]);
  useOffered(described.state === "ready" ? described.value.procedure.languages : undefined);
  return <>{children}</>;
}

interface WithDescriptionProps {
  id: string;
  children: (kase: CaseView, described: Described) => ComponentChildren;
}

/** The case and the description of its procedure, for pages that draw forms. */
export function WithDescription({ id, children }: WithDescriptionProps) {
  return <WithCase id={id}>{(kase) => <Describing kase={kase}>{(described) => children(kase, described)}</Describing>}</WithCase>;
}

function Describing({ kase, children }: { kase: CaseView; children: (described: Described) => ComponentChildren }) {
  const described = useLoad(() => describeProcedure(kase.procedure), [kase.procedure]);
  return <Loaded of={described} title={t("loading.title")}>{children}</Loaded>;
}
