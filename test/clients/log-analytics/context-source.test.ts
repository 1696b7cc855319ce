import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createContextSource } from "../../../clients/log-analytics/context-source";
import { createLogReader } from "../../../clients/log-analytics/log-reader";
import { scopeFrom } from "../../../clients/sentinel/arm-id";
import type { Indicator } from "../../../domain/indicators/indicator";
import { type ContextRequest, partsFor } from "../../../domain/report/context";
import { realClock } from "../../../local/clock";
import {
  isQuery,
  type LogAnalyticsSimulator,
  logAnalyticsReplies,
  startLogAnalyticsSimulator,
} from "../../../local/simulators/log-analytics";
import { listsIn } from "../../../local/simulators/log-queries";
import { workspaceId } from "../../support/requests";

const [first, last] = [Date.UTC(2026, 10, 20), Date.UTC(2026, 10, 25)];
const incidentId = "0f8fad5b-d9cb-469f-a165-708677289501";
const file: Indicator = {
  kind: "file",
  value: "c".repeat(64),
  hashes: { md5: "a".repeat(32), sha1: "b".repeat(40), sha256: "c".repeat(64) },
};
const url: Indicator = { kind: "url", value: "https://evil.example/Pay" };

let simulator: LogAnalyticsSimulator;
beforeEach(async () => {
  simulator = await startLogAnalyticsSimulator({ clock: realClock(), workspaces: [workspaceId] });
});
afterEach(() => simulator.close());

function read(indicators: readonly Indicator[], more: Partial<ContextRequest> = {}) {
  const source = createContextSource(
    createLogReader({
      endpoint: simulator.endpoint,
      credential: { getToken: () => Promise.reject(new Error("No token may be requested.")) },
      timeoutMs: 2_000,
    }),
  );
  const incident = { scope: scopeFrom(workspaceId) ?? "", incidentId };
  const parts = partsFor(indicators);
  return source.read({ incident, indicators, parts, days: 30, timeoutMs: 2_000, ...more });
}

const queries = () =>
  simulator.requests.map(({ body }) => {
    const { query, timespan } = JSON.parse(body) as { query: string; timespan: string };
    const [name = "", ...lines] = query.split("\n");
    return { name: name.slice(3), lists: listsIn(query), text: lines.join("\n"), timespan };
  });
const queryOf = (name: string) => queries().find((query) => query.name === name);

const sighting = { log: "devices", entities: 3, reached: 3, events: 9, blocked: 0, first, last } as const;

describe("sightings", () => {
  it("of a file are those under any of its hashes, in any case of letters", async () => {
    simulator.logs.addSighting({ value: "B".repeat(40), ...sighting });
    const { context } = await read([file]);
    expect(context).toEqual({
      days: 30,
      gaps: [],
      logs: { file: ["devices", "mail"] },
      indicators: { [`file:${file.value}`]: { sightings: [sighting] } },
    });
    expect(queryOf("sightings:file")?.lists).toEqual([
      [file.value, "a".repeat(32), "b".repeat(40)],
      [file.value, file.value, file.value],
    ]);
  });

  it("of two URLs that logs may write alike are both", async () => {
    const other: Indicator = { kind: "url", value: "https://evil.example/pay" };
    simulator.logs.addSighting({ value: "https://evil.example/pay", ...sighting });
    const { context } = await read([url, other]);
    expect(context.indicators).toEqual({
      "url:https://evil.example/Pay": { sightings: [sighting] },
      "url:https://evil.example/pay": { sightings: [sighting] },
    });
    expect(queryOf("sightings:url")?.lists[2]).toEqual(["evil.example"]);
  });

  it("are asked for over as many days as set, earlier incidents over 90", async () => {
    await read([url], { days: 7 });
    expect(queryOf("sightings:url")).toMatchObject({
      timespan: "P7D",
      text: expect.stringContaining("ago(7d)"),
    });
    expect(queryOf("earlier-incidents")).toMatchObject({ timespan: "P90D" });
    expect(queryOf("earlier-incidents")?.lists.at(-1)).toEqual([incidentId]);
  });

  it("of a private URL are not asked for", async () => {
    const fingerprint = "d".repeat(64);
    const { context } = await read([
      { kind: "url", value: "https://evil.example/…", byFingerprint: true, fingerprint },
    ]);
    expect(queries()).toEqual([]);
    expect(context.indicators).toEqual({});
  });

  it.each([
    { what: "no row at all", rows: [] },
    { what: "rows of another shape", rows: [["devices", "x"], ["?"], [1, 2, 3]] },
  ])("with $what are not known, rather than not seen", async ({ rows }) => {
    const columns = ["Log", "Value", "Entities"].map((name) => ({ name, type: "string" }));
    const fault = { status: 200, json: { tables: [{ name: "PrimaryResult", columns, rows }] } };
    simulator.script({ match: isQuery("sightings:url"), fault });
    const { context } = await read([url]);
    expect(context).toMatchObject({ indicators: {}, logs: { url: [] } });
  });
});

describe("many indicators", () => {
  const addresses = (count: number): readonly Indicator[] =>
    Array.from({ length: count }, (_, i) => ({ kind: "address", value: `8.8.${i >> 8}.${i & 255}` }));

  it("go in batches of at most 200 values", async () => {
    const { context } = await read(addresses(250));
    const asked = queries().filter(({ name }) => name === "sightings:address");
    expect(asked.map(({ lists }) => lists[0]?.length)).toEqual([200, 200, 100]);
    expect(Object.keys(context.indicators)).toHaveLength(250);
    expect(context.gaps).toEqual([]);
  });

  it("that are more than five batches are searched for in part", async () => {
    const { context } = await read(addresses(501));
    expect(context.gaps).toEqual([
      { part: "address", kind: "partial" },
      { part: "earlier", kind: "partial" },
    ]);
    expect(context.indicators["address:8.8.1.243"]).toEqual({ sightings: [] });
    expect(context.indicators["address:8.8.1.244"]).toBeUndefined();
  });

  it("are not queried any more after a refusal", async () => {
    simulator.script({ match: isQuery("sightings:"), fault: logAnalyticsReplies.forbidden });
    const { context, retry } = await read(addresses(250), { parts: ["address"] });
    expect(queries()).toHaveLength(1);
    expect(context.gaps).toEqual([
      { part: "address", kind: "refused", reason: expect.stringContaining("Sentinel Responder") },
    ]);
    expect(retry).toBeUndefined();
  });
});

describe("what Log Analytics cannot give", () => {
  it("is read again later where it says when", async () => {
    simulator.script({ match: isQuery("sightings:url"), fault: logAnalyticsReplies.throttled });
    const { context, retry } = await read([url]);
    expect(retry).toEqual({ parts: ["url"], afterSeconds: 30 });
    expect(context.gaps).toMatchObject([{ part: "url", kind: "failed" }]);
  });

  it("is late after the time for all of it", async () => {
    simulator.script({ match: isQuery("sightings:url"), fault: "hang" });
    const { context, retry } = await read([url], { timeoutMs: 200 });
    expect({ gaps: context.gaps, retry }).toEqual({
      gaps: [{ part: "url", kind: "late" }],
      retry: undefined,
    });
  });

  it.each([
    {
      what: "a fault",
      fault: { status: 500 },
      gap: { kind: "failed", reason: "Log Analytics answered HTTP 500." },
    },
    { what: "a dropped connection", fault: "dropBefore", gap: { kind: "failed" } },
    { what: "HTML", fault: { status: 200, text: "<html>" }, gap: { kind: "failed" } },
    {
      what: "a query that it does not understand",
      fault: logAnalyticsReplies.noSuchTable,
      gap: { kind: "refused", reason: expect.stringContaining("SIGHTINGS=off") },
    },
  ] as const)("is a gap with its reason after $what", async ({ fault, gap }) => {
    simulator.script({ match: isQuery("sightings:url"), fault });
    const { context } = await read([url]);
    expect(context.gaps).toMatchObject([{ part: "url", ...gap }]);
  });
});

describe("earlier incidents", () => {
  const add = (number: number, more: object = {}) =>
    simulator.logs.addIncident({ number, values: [url.value], createdAt: first + number, ...more });

  it("are counted by how they ended", async () => {
    add(3, { classification: "FalsePositive" });
    add(1, { classification: "FalsePositive" });
    add(2, { classification: "truepositive" });
    add(4, { status: "Active", classification: "Undetermined" });
    add(5, { status: "New" });
    add(6);
    const { context } = await read([url]);
    expect(context.indicators[`url:${url.value}`]?.earlier).toEqual({
      count: 6,
      since: first + 1,
      endings: { falsePositive: [1, 3], truePositive: [2], open: [4, 5], closed: [6] },
    });
  });

  it.each([
    { incidents: 20, isListed: true },
    { incidents: 21, isListed: false },
  ])("of $incidents are listed: $isListed", async ({ incidents, isListed }) => {
    for (let number = 1; number <= incidents; number++) add(number);
    const { context } = await read([url]);
    const { earlier } = context.indicators[`url:${url.value}`] ?? {};
    expect(earlier?.count).toBe(incidents);
    expect(earlier?.endings.closed?.length).toBe(isListed ? incidents : undefined);
  });
});
