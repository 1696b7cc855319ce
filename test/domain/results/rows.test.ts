import { describe, expect, it } from "vitest";
import { indicatorKey } from "../../../domain/indicators/indicator";
import type { Lookup, RunReport } from "../../../domain/report/report";
import { resultsColumns } from "../../../domain/results/results-table";
import { reportForRows, rowsOf } from "../../../domain/results/rows";
import { relatedTo } from "../../support/related";
import {
  answered,
  failed,
  file,
  indicator,
  open,
  ordinaryReport,
  report,
  startedAt,
  updateOf,
} from "../../support/reports";
import { incidentId, workspaceId } from "../../support/requests";

const by = { version: "1.2.3", simulated: ["intezer"] };
const about = (given: RunReport) => ({
  incident: { scope: workspaceId, incidentId },
  instanceId: `sentinel-${incidentId}`,
  report: given,
});
const rows = (given: RunReport) => rowsOf(about(given), by);
const rowOf = (lookup: Lookup) => rows(report([[file, lookup]]))[0];
const domain = indicator("domain", "example.org");

describe("The rows of a report", () => {
  it("have the types of their columns, and no column that the table lacks", () => {
    const isOfType = {
      string: (cell: unknown) => typeof cell === "string",
      datetime: (cell: unknown) => new Date(String(cell)).toISOString() === cell,
      int: Number.isInteger,
      real: Number.isFinite,
      bool: (cell: unknown) => typeof cell === "boolean",
      dynamic: (cell: unknown) => typeof cell === "object" && cell !== null,
    };
    const types = new Map<string, keyof typeof isOfType>(
      resultsColumns.map(({ name, type }) => [name, type]),
    );
    const kept = { ...answered("clean"), keptSince: startedAt };
    const quota: Lookup = { kind: "notChecked", cause: "quota", reason: "spent" };
    const all = [...rows(ordinaryReport()), ...rows(report([[file, kept, quota]])), ...rows(report([]))];
    for (const [name, cell] of all.flatMap((row) => Object.entries(row))) {
      const type = types.get(name);
      expect([name, cell, type && isOfType[type](cell)]).toEqual([name, cell, true]);
    }
  });

  it("are one per indicator and provider asked, each with an id of its own that stays the same", () => {
    const given = ordinaryReport();
    const lookups = given.items.flatMap((item) => Object.keys(item.lookups)).length;
    const ids = rows(given).map(({ RowId }) => RowId);
    expect(ids).toHaveLength(lookups);
    expect(new Set(ids).size).toBe(lookups);
    expect(rows({ ...given, at: given.at + 1 }).map(({ RowId }) => RowId)).toEqual(ids);
    const others = [...rows({ ...given, run: given.run + 1 }), ...rows(updateOf(given, []))];
    expect(others.filter(({ RowId }) => ids.includes(RowId))).toEqual([]);
  });

  it("keep apart what looks the same: private URLs by their fingerprint", () => {
    const url = indicator("url", "https://example.org/reset?token=…");
    const [first, second] = ["a", "b"].map((fingerprint) => ({
      ...url,
      byFingerprint: true as const,
      fingerprint,
    }));
    if (!first || !second) throw new Error("There are two.");
    const given = rows(
      report([
        [first, answered("clean")],
        [second, answered("clean")],
      ]),
    );
    expect(new Set(given.map(({ RowId }) => RowId)).size).toBe(2);
    expect(given.map(({ Indicator }) => Indicator)).toEqual([url.value, url.value]);
  });

  it.each<{ readonly what: string; readonly lookup: Lookup; readonly cells: object }>([
    {
      what: "an answer",
      lookup: answered("malicious", {
        summary: "54 of 72 engines, 2 suspicious",
        engines: { malicious: 54, suspicious: 2, all: 72 },
        link: "https://www.virustotal.com/gui/file/a",
        reasons: ["54 of 72 engines call it malicious, 2 suspicious."],
      }),
      cells: {
        Outcome: "answered",
        Verdict: "malicious",
        Figures: "54 of 72 engines, 2 suspicious",
        Detections: 54,
        Suspicious: 2,
        Engines: 72,
        Link: "https://www.virustotal.com/gui/file/a",
        Reasons: ["54 of 72 engines call it malicious, 2 suspicious."],
      },
    },
    {
      what: "an answer from the cache",
      lookup: { ...answered("clean"), keptSince: startedAt - 1000 },
      cells: { Outcome: "answered", KeptSince: new Date(startedAt - 1000).toISOString() },
    },
    {
      what: "no record",
      lookup: {
        kind: "notKnown",
        reason: "VirusTotal has no record",
        link: "https://www.virustotal.com/gui/file/a",
      },
      cells: {
        Outcome: "notKnown",
        Reasons: ["VirusTotal has no record"],
        Link: "https://www.virustotal.com/gui/file/a",
      },
    },
    {
      what: "a spent quota",
      lookup: { kind: "notChecked", cause: "quota", reason: "the day's quota is spent" },
      cells: { Outcome: "notChecked", Cause: "quota", Reasons: ["the day's quota is spent"] },
    },
    { what: "a fault", lookup: failed, cells: { Outcome: "failed", Reasons: ["HTTP 503"] } },
    {
      what: "a switch",
      lookup: { kind: "off", reason: "no key" },
      cells: { Outcome: "off", Reasons: ["no key"] },
    },
    {
      what: "an analysis that goes on",
      lookup: open("pending", "Intezer is analysing it"),
      cells: { Outcome: "pending", Cause: "pending", Reasons: ["Intezer is analysing it"] },
    },
    {
      what: "the deadline",
      lookup: { kind: "notAnswered", reason: "no answer before the deadline" },
      cells: { Outcome: "notAnswered" },
    },
  ])("say what the provider said: $what", ({ lookup, cells }) => {
    const row = rowOf(lookup);
    expect(row).toMatchObject({ Provider: "virustotal", Simulated: false, ...cells });
    if (lookup.kind !== "answered")
      for (const cell of ["Verdict", "Detections"]) expect(row).not.toHaveProperty(cell);
  });

  it("say which answers are a simulator's", () => {
    const given = rows(report([[file, answered("clean"), answered("clean")]]));
    expect(given.map(({ Provider, Simulated }) => [Provider, Simulated])).toEqual([
      ["virustotal", false],
      ["intezer", true],
    ]);
  });

  it("have the verdict of the indicator and of the incident, and how much of the incident is answered", () => {
    const spent: Lookup = { kind: "notChecked", cause: "quota", reason: "spent" };
    const off: Lookup = { kind: "off", reason: "no key" };
    const given = rows(
      report([
        [file, answered("suspicious"), answered("clean")],
        [domain, spent],
        [indicator("address", "8.8.8.8"), off],
      ]),
    );
    expect(given.map((row) => [row.IndicatorVerdict, row.Verdict, row.IncidentVerdict])).toEqual([
      ["suspicious", "suspicious", "suspicious"],
      ["suspicious", "clean", "suspicious"],
      ["unknown", undefined, "suspicious"],
      ["unknown", undefined, "suspicious"],
    ]);
    for (const { Coverage } of given) expect(Coverage).toBeCloseTo(2 / 3);
  });

  it("say when: start of the run, this part, and the time between", () => {
    expect(rowOf(answered("clean"))).toMatchObject({
      Run: new Date(startedAt).toISOString(),
      TimeGenerated: new Date(startedAt + 42_000).toISOString(),
      ToCommentSeconds: 42,
    });
  });

  it("show an indicator that no provider looks up, and an incident without any, in a row of its own", () => {
    const [row, ...more] = rows(report([[domain]]));
    expect(more).toEqual([]);
    expect(row).toMatchObject({ Indicator: "example.org", IndicatorVerdict: "unknown" });
    expect(row).not.toHaveProperty("Provider");
    const [empty, ...others] = rows(report([]));
    expect(others).toEqual([]);
    expect(empty).toMatchObject({ IncidentId: incidentId, IncidentNumber: 4712, IncidentVerdict: "unknown" });
    expect(empty).not.toHaveProperty("Indicator");
  });

  it("have none for a list without an entry, unless it ends a lookup that was pending", () => {
    const noEntry: Lookup = { kind: "noOpinion", reason: "it has no entry" };
    const given = report([[file, answered("clean"), noEntry]]);
    expect(rows(given)).toMatchObject([{ Provider: "virustotal", Coverage: 1 }]);
    const update = updateOf(given, [[file, answered("clean"), open("fault", "HTTP 503")]]);
    for (const each of [update, reportForRows(update)])
      expect(rows(each).map(({ Provider, Outcome }) => [Provider, Outcome])).toEqual([
        ["virustotal", "answered"],
        ["intezer", "noOpinion"],
      ]);
  });

  it("name the other indicators of the incident that theirs is linked to", () => {
    const linked = report([
      [file, answered("malicious", { related: relatedTo("contacts", domain) })],
      [domain, answered("unknown")],
      [indicator("domain", "alone.example.net"), answered("clean")],
    ]);
    expect(rows(reportForRows(linked)).map(({ Links }) => Links)).toEqual([
      [{ relation: "contacts", kind: "domain", value: domain.value }],
      [{ relation: "contactedBy", kind: "file", value: file.value }],
      undefined,
    ]);
  });

  it("say where the workspace has seen the indicator, and which incidents had it before", () => {
    const sighting = { log: "devices", entities: 3, reached: 2, events: 9, blocked: 1 } as const;
    const seen = { ...sighting, first: startedAt - 1000, last: startedAt };
    const earlier = { count: 2, since: startedAt - 2000, endings: { falsePositive: [17], open: [23] } };
    const context = {
      days: 30,
      gaps: [],
      logs: {},
      indicators: {
        [indicatorKey(file)]: { sightings: [seen], earlier },
        [indicatorKey(domain)]: { sightings: [] },
      },
    };
    const given = report(
      [
        [file, answered("malicious")],
        [domain, answered("clean")],
        [indicator("address", "8.8.8.8"), answered("clean")],
      ],
      { context },
    );
    const instant = (at: number) => new Date(at).toISOString();
    expect(rows(reportForRows(given)).map((row) => [row.Sightings, row.EarlierIncidents])).toEqual([
      [
        [{ ...sighting, first: instant(startedAt - 1000), last: instant(startedAt) }],
        { ...earlier, since: instant(startedAt - 2000) },
      ],
      [[], undefined],
      [undefined, undefined],
    ]);
  });

  it("cut names and reasons, and keep the indicator as it is", () => {
    const long = "x".repeat(5_000);
    const url = indicator("url", `https://example.org/${long}`, Array(20).fill(long));
    const [row] = rows(report([[url, answered("clean", { reasons: Array(20).fill(long), summary: long })]]));
    expect(row?.Indicator).toBe(url.value);
    expect(row?.FileNames).toHaveLength(5);
    expect(row?.Reasons).toHaveLength(5);
    for (const text of [row?.FileNames, row?.Reasons, row?.Figures].flat())
      expect(String(text).length).toBeLessThanOrEqual(500);
  });

  it("are the same without what the report loses on its way", () => {
    const given = ordinaryReport();
    const bare = reportForRows(given);
    expect(rows(bare)).toEqual(rows(given));
    expect(JSON.stringify(bare)).not.toContain('"card"');
  });
});
