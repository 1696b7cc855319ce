import { describe, expect, it } from "vitest";
import { type Attempt, again, done, refused } from "../../domain/attempt";
import type { IncidentQuery, ListedIncident } from "../../domain/incident/incident-store";
import type { Watchlist } from "../../domain/indicators/screening";
import type { HalfOfDay } from "../../domain/run/catch-up";
import type { RunInput } from "../../domain/run/run";
import type { RunSettings } from "../../domain/run/settings";
import { createReconcile } from "../../triggers/reconcile";
import { fakeTaskHub } from "../support/fake-task-hub";
import { quietContext } from "../support/requests";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const [soc, lab] = ["/soc", "/lab"];
const settings: RunSettings = {
  firstCommentSeconds: 300,
  deadlineSeconds: 1800,
  entityRetrySeconds: [60],
  commentWhen: "indicators",
  commentDetail: "worst",
  alerts: "off",
  dryRun: false,
  providers: [],
};

const guid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const ago = (ms: number) => Date.now() - ms;

const raisedAt = ago(5 * hourMs);

/** An open incident that a merge has given its tags. */
function tagged(n: number, changedAt: number, more: Partial<ListedIncident> = {}): ListedIncident {
  return {
    ref: { scope: soc, incidentId: guid(n) },
    number: n,
    severity: "Medium",
    status: "New",
    tags: ["enriched", "threat-found"],
    commentsCount: 0,
    alertsCount: 1,
    createdAt: raisedAt + n * minuteMs,
    changedAt,
    ...more,
  };
}

interface Outside {
  readonly listed?: Readonly<Record<string, Attempt<readonly ListedIncident[]>>>;
  readonly halves?: Attempt<readonly HalfOfDay[]>;
  readonly mark?: Attempt<number | undefined>;
  readonly entities?: (incidentId: string) => Attempt<readonly never[]>;
  readonly hub?: ReturnType<typeof fakeTaskHub>;
  readonly watchlist?: Watchlist;
  readonly settings?: Partial<RunSettings>;
}

function setUp(outside: Outside) {
  const { context, lines } = quietContext();
  const hub = outside.hub ?? fakeTaskHub();
  const queries: (IncidentQuery & { scope: string })[] = [];
  const marks: Record<string, number> = {};
  const listed = outside.listed ?? {};
  const reconcile = createReconcile({
    mode: "known",
    severities: ["High", "Medium", "Low"],
    workspaces: Object.keys(listed),
    settings: { ...settings, ...outside.settings },
    exclusions: { intezer: { "intezer-alerts": "alerts" } },
    watchlist: outside.watchlist,
    screening: { allowed: [], urlDetail: "safe" },
    listIncidents: async (scope, query) => {
      queries.push({ scope, ...query });
      return listed[scope] ?? done([]);
    },
    incidents: {
      readEntities: async ({ incidentId }) => outside.entities?.(incidentId) ?? done([]),
      readComments: async () => done([]),
    },
    marks: {
      read: async () => outside.mark ?? done(undefined),
      async write(scope, mark) {
        marks[scope] = mark;
        return done(undefined);
      },
    },
    readHalfDays: async () => outside.halves ?? done([]),
    toTaskHub: () => hub,
  });
  return {
    hub,
    queries,
    marks,
    log: () => lines.join("\n"),
    started: () => hub.started.map(({ input }) => Number((input as RunInput).incident.incidentId.slice(-12))),
    inputs: () => hub.started.map(({ input }) => input as RunInput),
    pass: () => reconcile({}, context),
  };
}

describe("what a pass reads", () => {
  it.each([
    { title: "three hours at first", mark: undefined, hours: 3 },
    { title: "three hours although it was there a moment ago", mark: 0.2, hours: 3 },
    { title: "all since the last pass after an outage", mark: 30, hours: 30 },
    { title: "a week at most", mark: 400, hours: 7 * 24 },
  ])("is $title", async ({ mark, hours }) => {
    const { pass, queries } = setUp({
      listed: { [soc]: done([]) },
      mark: done(mark === undefined ? undefined : ago(mark * hourMs)),
    });
    await pass();
    expect(queries).toMatchObject([{ scope: soc, by: "changedAt" }]);
    expect(Math.abs((queries[0]?.since ?? 0) - ago(hours * hourMs))).toBeLessThan(minuteMs);
  });
});

describe("what a pass starts", () => {
  it("is a run as any other, in the order of severity and age", async () => {
    const listed = [
      tagged(3, ago(9_000)),
      tagged(2, ago(8_000)),
      tagged(1, ago(7_000), { severity: "High" }),
    ];
    const { pass, started, inputs, log } = setUp({ listed: { [soc]: done(listed) } });
    await pass();
    expect(started()).toEqual([1, 2, 3]);
    expect(inputs()[0]).toMatchObject({
      eventType: "Create",
      incident: { scope: soc, incidentId: guid(1) },
      settings,
      reconciled: { alerts: 1, tries: 1 },
    });
    expect(log()).toContain("no comment");
    await pass();
    expect(started()).toHaveLength(3);
  });

  it("keeps to the exclusions that the incident's last run had", async () => {
    const failedRun = {
      id: `sentinel-${guid(1)}`,
      state: "ended" as const,
      failed: true,
      input: { without: "intezer-alerts", envelope: "{}", reconciled: { alerts: 1, tries: 1 } },
    };
    const { pass, inputs } = setUp({
      listed: { [soc]: done([tagged(1, ago(9_000))]) },
      hub: fakeTaskHub(failedRun),
      settings: { alerts: "submit" },
    });
    await pass();
    expect(inputs()).toMatchObject([
      { without: "intezer-alerts", settings: { alerts: "off" }, reconciled: { alerts: 1, tries: 2 } },
    ]);
    expect(inputs()[0]).not.toHaveProperty("envelope");
  });

  it.each([
    { title: "the body that an earlier run has kept", kept: "{}", alerts: "submit" },
    { title: "nothing without one", kept: undefined, alerts: "off" },
  ])("submits $title", async ({ kept, alerts }) => {
    const failedRun = {
      id: `sentinel-${guid(1)}`,
      state: "ended" as const,
      failed: true,
      input: kept === undefined ? {} : { envelope: kept },
    };
    const { pass, inputs } = setUp({
      listed: { [soc]: done([tagged(1, ago(9_000))]) },
      hub: fakeTaskHub(failedRun),
      settings: { alerts: "submit" },
    });
    await pass();
    expect(inputs()[0]?.settings.alerts).toBe(alerts);
    expect(inputs()[0]?.envelope).toBe(kept);
  });
});

describe("the next pass", () => {
  const [older, newer] = [ago(2 * hourMs), ago(hourMs)];

  it("begins where this one has read to", async () => {
    const { pass, marks } = setUp({ listed: { [soc]: done([tagged(1, older), tagged(2, newer)]) } });
    await pass();
    expect(marks).toEqual({ [soc]: newer });
  });

  it("begins at the incident that could not be read", async () => {
    const { pass, marks, started, log } = setUp({
      listed: { [soc]: done([tagged(1, older), tagged(2, newer)]) },
      entities: (id) => (id === guid(1) ? again("Sentinel is throttling.") : done([])),
    });
    await pass();
    expect(started()).toEqual([2]);
    expect(marks).toEqual({ [soc]: older - 1 });
    expect(log()).toContain("Sentinel is throttling.");
  });

  it("begins a day ago at the earliest while an incident cannot be read", async () => {
    const { pass, marks } = setUp({
      listed: { [soc]: done([tagged(1, ago(50 * hourMs))]) },
      mark: done(ago(51 * hourMs)),
      entities: () => refused("Grant the role Microsoft Sentinel Responder."),
    });
    await pass();
    expect(Math.abs((marks[soc] ?? 0) - ago(24 * hourMs))).toBeLessThan(minuteMs);
  });

  it("repeats all that half of a provider's day was too little for", async () => {
    const spent: HalfOfDay = { title: "VirusTotal", kinds: ["address"], left: 0, text: "" };
    const entity = { id: "e", kind: "Ip", properties: { address: "8.8.8.8" } };
    const { pass, marks, started, log } = setUp({
      listed: { [soc]: done([tagged(1, older)]) },
      halves: done([spent]),
      entities: () => done([entity] as unknown as readonly never[]),
    });
    await pass();
    expect(started()).toEqual([]);
    expect(marks).toEqual({ [soc]: older - 1 });
    expect(log()).toContain("half of a provider's daily quota");
  });

  it("counts no lookup of what analysts allow in a watchlist", async () => {
    const spent: HalfOfDay = { title: "VirusTotal", kinds: ["address"], left: 0, text: "" };
    const entity = { id: "e", kind: "Ip", properties: { address: "8.8.8.8" } };
    const alias = "allowed";
    const { pass, started } = setUp({
      listed: { [soc]: done([tagged(1, older)]) },
      halves: done([spent]),
      entities: () => done([entity] as unknown as readonly never[]),
      watchlist: {
        alias,
        read: async (scope) => ({
          alias,
          isNew: true,
          wrong: [],
          allowed: scope === soc ? [{ kind: "address", range: "8.8.8.8/32" }] : [],
        }),
      },
    });
    await pass();
    expect(started()).toEqual([1]);
  });

  it.each([
    {
      title: "the key is refused",
      outside: { halves: refused("Store a valid key.") },
      says: "Store a valid key.",
    },
    {
      title: "the list is refused",
      outside: { listed: { [soc]: refused("Grant the role Microsoft Sentinel Reader.") } },
      says: "Grant the role",
    },
    {
      title: "the mark cannot be read",
      outside: { mark: again("Table storage did not answer.") },
      says: "Table",
    },
  ])("repeats everything when $title", async ({ outside, says }) => {
    const { pass, marks, started, log } = setUp({ listed: { [soc]: done([tagged(1, older)]) }, ...outside });
    await pass();
    expect(started()).toEqual([]);
    expect(marks[soc] ?? 0).toBeLessThan(older);
    expect(log()).toContain(says);
  });

  it("repeats everything when the task hub cannot be reached", async () => {
    const hub = fakeTaskHub();
    hub.unreachable = true;
    const { pass, marks, log } = setUp({ listed: { [soc]: done([tagged(1, older)]) }, hub });
    await pass();
    expect(marks).toEqual({});
    expect(log()).toContain("check AzureWebJobsStorage");
  });

  it("is not held up in one workspace by another one", async () => {
    const { pass, marks, started } = setUp({
      listed: { [soc]: again("Sentinel did not answer."), [lab]: done([tagged(2, newer)]) },
    });
    await pass();
    expect(started()).toEqual([2]);
    expect(marks).toEqual({ [lab]: newer });
  });
});
