import { describe, expect, it } from "vitest";
import { correctionBody, itemsWithoutReason, missingInProposal, NO_PROPOSAL, proposalBody } from "./proposal.ts";

describe("a proposal", () => {
  it("needs a choice; a refusal also its ground and its reasons", () => {
    expect(missingInProposal(NO_PROPOSAL, "written")).toEqual(["outcome"]);
    expect(missingInProposal({ ...NO_PROPOSAL, outcome: "approve" }, "written")).toEqual([]);
    expect(missingInProposal({ ...NO_PROPOSAL, outcome: "refuse", reasons: "  \n" }, "written")).toEqual(["ground", "reasons"]);
  });

  it("to approve carries no ground that was chosen and then given up", () => {
    const body = proposalBody({ outcome: "approve", ground: "13-1-2", reasons: "typed before", note: " seen " }, "written");
    expect(body).toEqual({ outcome: "approve", note: "seen" });
  });
});

describe("a visa's refusal", () => {
  const draft = { ...NO_PROPOSAL, outcome: "refuse" as const, ground: "funds", reasons: "typed for another case" };

  it("needs a ground alone, and sends no reasons", () => {
    expect(missingInProposal({ ...draft, ground: "" }, "general")).toEqual(["ground"]);
    expect(missingInProposal(draft, "general")).toEqual([]);
    expect(proposalBody(draft, "general")).toEqual({ outcome: "refuse", ground: "funds" });
  });
});

describe("a request for correction", () => {
  it("needs a reason for each item", () => {
    const draft = { "documents/portrait": "too small ", "sections/contact": " " };
    expect(itemsWithoutReason(draft)).toEqual(["sections/contact"]);
    expect(correctionBody(draft).items[0]).toEqual({ item: "documents/portrait", reason: "too small" });
  });
});
