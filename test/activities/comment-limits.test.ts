import { describe, expect, it } from "vitest";
import { createPostAddendum } from "../../activities/post-addendum";
import { createPostComment } from "../../activities/post-comment";
import { done } from "../../domain/attempt";
import type { IncidentComment, IncidentStore } from "../../domain/incident/incident-store";
import type { RunReport } from "../../domain/report/report";
import { fakeTaskHub } from "../support/fake-task-hub";
import { hostileReport } from "../support/hostile-report";
import { htmlPrinter, textPrinter } from "../support/printers";
import { ordinaryReport, taken } from "../support/reports";

const limits = { commentLength: 1_000, commentsPerIncident: 5, shortCommentsFrom: 3 };
const invocation = { log: () => {}, hub: fakeTaskHub() };
const incident = { scope: "a-place", incidentId: "0f8fad5b-d9cb-469f-a165-70867728950e" };

/** A store of tight limits, whose incident has so many comments. */
function storeWith(count: number): IncidentStore & { readonly comments: IncidentComment[] } {
  const comments = Array.from({ length: count }, (_, i) => ({ id: `${i}`, message: "seen" }));
  return {
    limits,
    linkHosts: [],
    comments,
    readIncident: async () => done({ number: 1, isUrgent: false, commentsCount: count }),
    readEntities: async () => done([]),
    readComments: async () => done(comments),
    writeComment: async (_ref, comment) => {
      comments.push(comment);
      return done("written");
    },
    changeTags: async () => done([]),
    findSurvivor: async () => done(undefined),
  };
}

async function commentOn(count: number, report: RunReport, printer = htmlPrinter): Promise<string> {
  const store = storeWith(count);
  const given = { ...report, incident: { ...report.incident, commentsCount: count } };
  const input = { incident, report: given, detail: "full", instanceId: "run-1", dryRun: false } as const;
  await createPostComment(store, printer)(input, invocation);
  return store.comments[count]?.message ?? "";
}

const triage = taken("confirmed_threat", { note: "A long note. ".repeat(150) });

describe("A store that takes 1,000 characters and five comments", () => {
  it.each([
    { what: "an ordinary report", report: ordinaryReport(), printer: htmlPrinter },
    { what: "one with a triage", report: ordinaryReport({ triage }), printer: htmlPrinter },
    { what: "the same as text", report: ordinaryReport({ triage }), printer: textPrinter },
    { what: "one of hostile texts", report: hostileReport(), printer: htmlPrinter },
  ])("gets $what in a comment that it takes", async ({ report, printer }) => {
    const message = await commentOn(0, report, printer);
    expect(message.length).toBeGreaterThan(100);
    expect(message.length).toBeLessThanOrEqual(limits.commentLength);
  });

  it("still gets the verdict and the worst of an ordinary report", async () => {
    const message = await commentOn(0, ordinaryReport());
    expect(message).toContain("Threat found: 1 of 8 indicators is malicious, 1 suspicious.");
  });

  it("gets a short comment from the third on, which says how many it may have", async () => {
    expect(await commentOn(2, ordinaryReport())).not.toContain("This comment is short");
    expect(await commentOn(3, ordinaryReport())).toContain(
      "the incident has 3 comments, and 5 is the limit.",
    );
  });

  it("gets no sixth comment", async () => {
    expect(await commentOn(5, ordinaryReport())).toBe("");
  });

  it.each([0, 3])("gets an addendum of that length beside %d comments", async (count) => {
    const store = storeWith(count);
    if (triage.kind !== "taken") throw new Error("There is no triage.");
    const input = { incident, triage: triage.triage, deliveryId: triage.deliveryId, instanceId: "look-1" };
    await createPostAddendum(store, htmlPrinter)({ ...input, at: 0, dryRun: false }, invocation);
    const message = store.comments[count]?.message ?? "";
    expect(message).toContain(triage.deliveryId);
    expect(message.length).toBeLessThanOrEqual(limits.commentLength);
  });
});
