import { describe, expect, it } from "vitest";
import { createContextSource } from "../../../clients/log-analytics/context-source";
import type { LogRow, ReadLogs } from "../../../clients/log-query";
import { done } from "../../../domain/attempt";
import type { Indicator } from "../../../domain/indicators/indicator";
import { partsFor } from "../../../domain/report/context";
import { nameOfQuery } from "../../../local/simulators/log-queries";
import { answered, indicator, report, sha256, viewOf } from "../../support/reports";

/** Cells as Log Analytics sends them: times as text, dynamic ones as JSON in text. */
const row = (
  log: string,
  value: string | null,
  counts: readonly number[],
  first: string,
  last = first,
): LogRow => ({
  Log: log,
  Value: value,
  Entities: counts[0],
  Reached: counts[1],
  Events: counts[2],
  Blocked: counts[3],
  First: `${first}T06:30:00.0000000Z`,
  Last: `${last}T18:05:11.1234567Z`,
});
/** That there are logs of this kind. */
const any = (log: string) => row(log, "", [1, 0, 1, 0], "2026-11-25");
const incidents = (value: string, since: string, list: readonly object[], count = list.length): LogRow => ({
  Value: value,
  Incidents: count,
  Since: `${since}T10:00:00Z`,
  List: JSON.stringify(list),
});

interface Logs {
  readonly rows?: Readonly<Record<string, readonly LogRow[]>>;
  readonly partial?: readonly string[];
}

/** What the comment says of a malicious indicator whose queries return these rows, by the query's name. */
async function sentences(of: Indicator, { rows = {}, partial = [] }: Logs) {
  const readLogs: ReadLogs = async ({ text }) => {
    const name = nameOfQuery(text) ?? "";
    return done({ rows: rows[name] ?? [], isPartial: partial.includes(name) });
  };
  const { context } = await createContextSource(readLogs).read({
    incident: { scope: "/scope", incidentId: "0f8fad5b-d9cb-469f-a165-708677289501" },
    indicators: [of],
    parts: partsFor([of]),
    days: 30,
    timeoutMs: 1_000,
  });
  const { bad, earlier, notes } = viewOf(report([[of, answered("malicious")]], { context }));
  return [
    ...bad.flatMap(({ facts }) => facts),
    ...earlier,
    ...notes.map(({ title, text }) => `${title}: ${text}`),
  ];
}

const file = indicator("file", sha256("a"));
const url = indicator("url", "https://Evil.example/Pay".toLowerCase());
const address = indicator("address", "138.128.150.133");
const urlLogs = ["devices", "mail", "clicks", "firewall"].map(any);
const addressLogs = ["devices", "mail", "firewall", "signIns"].map(any);

describe("rows of Log Analytics become", () => {
  it.each<{ of: Indicator; logs: Logs; says: readonly string[] }>([
    {
      of: file,
      logs: {
        rows: {
          "sightings:file": [
            any("devices"),
            any("mail"),
            row("mail", file.value, [12, 10, 14, 4], "2026-11-20"),
            row("devices", file.value, [3, 3, 41, 0], "2026-11-20", "2026-11-25"),
          ],
        },
      },
      says: ["Seen here: 3 devices, 12 mailboxes (2 blocked), 2026-11-20 to 2026-11-25."],
    },
    {
      of: url,
      logs: {
        rows: {
          "sightings:url": [...urlLogs, row("clicks", url.value, [2, 2, 3, 1], "2026-11-22")],
          "earlier-incidents": [
            incidents(url.value, "2026-10-02", [
              { number: 1201, status: "Closed", classification: "FalsePositive" },
              { number: 1180, status: "Closed", classification: "FalsePositive" },
              { number: 1184, status: "Closed", classification: "FalsePositive" },
              { number: 1300, status: "New", classification: null },
            ]),
          ],
        },
      },
      says: [
        "Seen here: 3 clicks by 2 users (1 blocked), on 2026-11-22.",
        "URL hxxps://evil[.]example/pay: also in 4 incidents since 2026-10-02: 3 closed as false positive (1180, 1184, 1201), 1 open (1300).",
      ],
    },
    { of: url, logs: { rows: { "sightings:url": urlLogs } }, says: ["Not seen here in 30 days."] },
    {
      of: address,
      logs: {
        rows: {
          "sightings:address": [
            ...addressLogs,
            row("signIns", address.value, [3, 1, 9, 7], "2026-11-24"),
            row("firewall", address.value, [4, 0, 14, 14], "2026-11-24"),
          ],
          "earlier-incidents": [incidents(address.value, "2026-09-01", [], 57)],
        },
      },
      says: [
        "Seen here: 14 firewall connections (all blocked), 9 sign-ins by 3 users (7 failed), on 2026-11-24.",
        "IP address 138[.]128[.]150[.]133: common, in 57 incidents since 2026-09-01.",
      ],
    },
    {
      of: address,
      logs: { rows: { "sightings:address": [row("devices", null, [1, 1, 1, 0], "2026-11-24")] } },
      says: ["Not seen here in 30 days (only logs of devices are available)."],
    },
    {
      of: address,
      logs: {},
      says: [
        "Sightings: The workspace has no logs of devices, email, firewalls or sign-ins from the last 30 days.",
      ],
    },
    {
      of: address,
      logs: {
        partial: ["sightings:address", "earlier-incidents"],
        rows: {
          "sightings:address": [row("devices", address.value, [2, 2, 2, 0], "2026-11-24")],
          "earlier-incidents": [
            incidents(address.value, "2026-11-01", [{ number: 7, status: "Closed", classification: "" }]),
          ],
        },
      },
      says: [
        "Seen here: at least 2 devices, on 2026-11-24.",
        "IP address 138[.]128[.]150[.]133: also in at least 1 incident since 2026-11-01, closed without a classification (7).",
        "Sightings and earlier incidents: Log Analytics returned only part of the answer.",
      ],
    },
    {
      of: address,
      logs: {
        rows: {
          "sightings:address": [...addressLogs, { Log: "devices", Value: address.value, Entities: "many" }],
          "earlier-incidents": [{ Value: address.value, Incidents: 1, Since: "never", List: "[" }],
        },
      },
      says: ["Not seen here in 30 days."],
    },
  ])("$says", async ({ of, logs, says }) => {
    expect(await sentences(of, logs)).toEqual(says);
  });
});
