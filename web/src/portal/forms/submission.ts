import { useState } from "preact/hooks";
import { Problem, type FieldProblem } from "../../shared/api.ts";
import type { PageError } from "../../shared/components/index.ts";
import { describeFailure } from "../loading.tsx";

export interface FormState {
  errors: PageError[];
  mend?: string;
  busy: boolean;
  /** The error of one field, to be shown beside it. */
  errorOf: (field: string) => string | undefined;
  /** Runs the command unless there are faults; whatever goes wrong becomes the page's errors. */
  submit: (faults: PageError[], command: () => Promise<void>) => Promise<void>;
  /** Shows errors that the page found out by itself. */
  say: (errors: PageError[]) => void;
}

type FieldOf = (pointer: string) => string | undefined;
type TextOf = (problem: FieldProblem) => string;

/**
 * What becomes of pressing a form's button. `fieldOf` turns a JSON pointer of the server's into the id of a control,
 * `textOf` what it says of it into what the page says.
 */
export function useSubmission(fieldOf: FieldOf = lastPart, textOf: TextOf = ({ detail }) => detail): FormState {
  const [errors, setErrors] = useState<PageError[]>([]);
  const [mend, setMend] = useState<string>();
  const [busy, setBusy] = useState(false);
  const fail = (error: unknown) => {
    const { title, detail, mend } = describeFailure(error);
    setErrors(fieldErrors(error, fieldOf, textOf) ?? [{ text: detail || title }]);
    setMend(mend);
  };
  const submit = async (faults: PageError[], command: () => Promise<void>) => {
    setErrors(faults);
    setMend(undefined);
    if (faults.length) return;
    setBusy(true);
    try {
      await command();
    } catch (error) {
      fail(error);
    } finally {
      setBusy(false);
    }
  };
  return { errors, mend, busy, submit, say: setErrors, errorOf: (field) => errors.find((error) => error.field === field)?.text };
}

function fieldErrors(error: unknown, fieldOf: FieldOf, textOf: TextOf): PageError[] | null {
  if (!(error instanceof Problem) || !error.errors.length) return null;
  return error.errors.map((problem) => ({ field: fieldOf(problem.pointer), text: textOf(problem) }));
}

function lastPart(pointer: string): string | undefined {
  return pointer.split("/").findLast(Boolean);
}
