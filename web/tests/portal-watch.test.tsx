import { useEffect } from "preact/hooks";
import { act } from "preact/test-utils";
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

async function comesBack(): Promise<void> {
  await vi.advanceTimersByTimeAsync(11_000);
  await act(() => void dispatchEvent(new Event("focus")));
  await vi.advanceTimersByTimeAsync(0);
}

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

it("looks again at what was issued when somebody comes back to it: it may have been revoked", async () => {
  const issued = view("issued", 25);
  keep(issued);
  const get = vi.fn(() => Promise.resolve({ ...issued, sequence: 26, status_text: "Revoked" }));
  vi.spyOn(connection, "api").mockResolvedValue({ get } as never);
  await draw(<Shown id={issued.case_id} seen={() => undefined} />);
  const looks = get.mock.calls.length;
  await comesBack();
  expect(get.mock.calls.length).toBe(looks + 1);
});

it("does not look again at what is over for good", async () => {
  const refused = view("refused", 25);
  keep(refused);
  const get = vi.fn(() => Promise.resolve(refused));
  vi.spyOn(connection, "api").mockResolvedValue({ get } as never);
  await draw(<Shown id={refused.case_id} seen={() => undefined} />);
  const looks = get.mock.calls.length;
  await comesBack();
  expect(get.mock.calls.length).toBe(looks);
});
