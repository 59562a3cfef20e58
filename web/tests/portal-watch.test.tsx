import { useEffect } from "preact/hooks";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as connection from "../src/portal/connection.ts";
import { keep, useCase } from "../src/portal/cases/store.ts";
import { useWatch } from "../src/portal/cases/watch.ts";
import type { CaseView } from "../src/shared/contract.ts";
import { draw, leave } from "./at-the-portal.tsx";

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  leave();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const view = (status: CaseView["status"], sequence: number, assurance: "account" | "card" = "account") =>
  ({ case_id: `${assurance}-${status}`, status, sequence, identity: { assurance } }) as CaseView;

function Watching({ kase, seen }: { kase: CaseView; seen: (status: string) => void }) {
  useWatch(kase);
  useEffect(() => seen(kase.status), [kase.status]);
  return <h1>{kase.status}</h1>;
}

function Shown({ id, seen }: { id: string; seen: (status: string) => void }) {
  const held = useCase(id);
  return held.state === "ready" ? <Watching kase={held.value} seen={seen} /> : <h1>Loading</h1>;
}

/** What the page shows while the service answers with these, one after the other. */
async function shown(answers: CaseView[], seconds: number): Promise<string[]> {
  const seen: string[] = [];
  const id = answers[0]!.case_id;
  keep(answers[0]!);
  const rest = [...answers];
  const get = () => Promise.resolve({ ...(rest.length > 1 ? rest.shift()! : rest[0]!), case_id: id });
  vi.spyOn(connection, "api").mockResolvedValue({ get } as never);
  await draw(<Shown id={id} seen={(status) => void seen.push(status)} />);
  for (let second = 0; second < seconds; second += 1) await vi.advanceTimersByTimeAsync(1000);
  return seen;
}

it("goes on looking when a look falls into a payment of nothing", async () => {
  const answers = [view("checking", 12), view("payment", 22), view("issued", 25)];
  expect(await shown(answers, 20)).toEqual(["checking", "payment", "issued"]);
});

it("does not ask for days while officers and printers work on a passport", async () => {
  const answers = [view("in_review", 12, "card"), view("in_review", 12, "card"), view("payment", 22, "card")];
  expect(await shown(answers, 120)).toEqual(["in_review"]);
});
