import { afterEach, expect, it, vi } from "vitest";
import { chooseDesk, forgetQueue, isLoaded, queueDesk, rows } from "./queue-state.ts";

const { get } = vi.hoisted(() => ({ get: vi.fn() }));
vi.mock("../connection.ts", () => ({ desk: () => ({ get }) }));

const DESKS = ["authorizations", "beijing", "singapore"];

function waitingAt(...desks: string[]): void {
  get.mockImplementation(async (path: string) => ({ rows: desks.some((each) => path.includes(`/${each}?`)) ? [{}] : [] }));
}

afterEach(() => {
  forgetQueue();
  get.mockReset();
});

it("begins at the first desk at which something waits", async () => {
  waitingAt("beijing", "singapore");
  await chooseDesk(DESKS);
  expect(queueDesk.value).toBe("beijing");
  expect(get.mock.calls).toEqual([
    ["/desk/queues/authorizations?status=in_review&mine=false"],
    ["/desk/queues/beijing?status=in_review&mine=false"],
  ]);
});

it("need not ask again for what it has seen there", async () => {
  waitingAt("beijing");
  await chooseDesk(DESKS);
  expect(isLoaded()).toBe(true);
  expect(rows.value).toEqual([{}]);
});

it("begins at the first of all when nothing waits, or nobody can say", async () => {
  waitingAt();
  await chooseDesk(DESKS);
  expect(queueDesk.value).toBe("authorizations");
  expect(isLoaded()).toBe(false);
  get.mockRejectedValue(new Error("no network"));
  await chooseDesk(DESKS);
  expect(queueDesk.value).toBe("authorizations");
});

it("asks nothing for an officer of one desk", async () => {
  await chooseDesk(["singapore"]);
  expect(queueDesk.value).toBe("singapore");
  expect(get).not.toHaveBeenCalled();
});

it("leaves an officer where they have gone in the meantime", async () => {
  waitingAt("singapore");
  const choosing = chooseDesk(DESKS);
  forgetQueue();
  await choosing;
  expect(queueDesk.value).toBe("");
});
