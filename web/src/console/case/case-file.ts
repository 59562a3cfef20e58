import { useCallback, useEffect, useState } from "preact/hooks";
import { Problem } from "../../shared/api.ts";
import { language } from "../../shared/language.ts";
import { desk, isConflict } from "../connection.ts";
import type { DeskCase } from "../desk.ts";
import { refreshRow } from "../queue/queue-state.ts";

/** What went wrong with one action; it is shown next to that action's button. */
export interface ActionProblem {
  action: string;
  error: unknown;
  /** The case was read again, because it no longer stood where the page thought. */
  reread: boolean;
}

export interface CaseFile {
  file: DeskCase | null;
  failure: unknown;
  problem: ActionProblem | null;
  /** The action that is under way, or "". */
  busy: string;
  reload(): Promise<void>;
  /** True when it was done. The answer, or a fresh reading, becomes the case on the page. */
  act(action: string, body?: unknown): Promise<boolean>;
  /** For answers of other calls that carry the case. */
  take(file: DeskCase): void;
}

export function useCaseFile(caseId: string): CaseFile {
  const [file, setFile] = useState<DeskCase | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [problem, setProblem] = useState<ActionProblem | null>(null);
  const [busy, setBusy] = useState("");

  const take = useCallback((next: DeskCase) => {
    // Answers may cross: what is older than the page changes nothing on it.
    setFile((held) => (held && held.case_id === next.case_id && held.sequence > next.sequence ? held : next));
    refreshRow(next);
  }, []);

  const reload = useCallback(async () => {
    try {
      take(await desk().get<DeskCase>(`/desk/cases/${caseId}`));
      setFailure(null);
    } catch (error) {
      setFailure(error);
    }
  }, [caseId]);

  useEffect(() => {
    setFile((held) => (held?.case_id === caseId ? held : null));
    setProblem(null);
    void reload();
  }, [caseId, language.value]);

  const act = async (action: string, body: unknown = {}) => {
    setBusy(action);
    setProblem(null);
    try {
      const answer = await desk().post<Partial<DeskCase> | undefined>(`/desk/cases/${caseId}/${action}`, body);
      if (answer?.history && answer.may) take(answer as DeskCase);
      else await reload();
      return true;
    } catch (error) {
      const reread = isConflict(error) || isGone(error);
      if (reread) await reload();
      setProblem({ action, error, reread });
      return false;
    } finally {
      setBusy("");
    }
  };

  return { file, failure, problem, busy, reload, act, take };
}

function isGone(error: unknown): boolean {
  return error instanceof Problem && (error.status === 404 || error.status === 403);
}
