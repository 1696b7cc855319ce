import type { LogQuery, LogTable, QueryHandler, QueryHandlers } from "./log-queries";
import { unknownFile } from "./sample-incident";
import { knownToVirusTotal } from "./virustotal-reports";

const allLogs = {
  file: ["devices", "mail"],
  url: ["devices", "mail", "clicks", "firewall"],
  domain: ["devices", "mail", "clicks", "firewall"],
  address: ["devices", "mail", "firewall", "signIns"],
} as const;
type Kind = keyof typeof allLogs;
type Log = (typeof allLogs)[Kind][number];

/** What one kind of logs holds of one indicator. */
interface LoggedSighting {
  /** As the logs write it. */
  readonly value: string;
  readonly log: Log;
  readonly entities: number;
  /** Default all of them. */
  readonly reached?: number;
  /** Default one for each. */
  readonly events?: number;
  readonly blocked?: number;
  /** Epoch milliseconds. */
  readonly first: number;
  readonly last: number;
}

/** An incident of the past, with the indicators that its alerts name. */
interface LoggedIncident {
  readonly number: number;
  readonly values: readonly string[];
  /** Default `Closed`. */
  readonly status?: string;
  readonly classification?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

const sightingColumns = {
  Log: "string",
  Value: "string",
  Entities: "long",
  Reached: "long",
  Events: "long",
  Blocked: "long",
  First: "datetime",
  Last: "datetime",
} as const;

const incidentColumns = { Value: "string", Incidents: "long", Since: "datetime", List: "dynamic" } as const;

const mostListed = 20;

/** The logs of a workspace as the queries for sightings and earlier incidents see them. */
export function createLoggedSightings(now: () => number) {
  const sightings = [...builtInSightings(now())];
  const incidents = [...builtInIncidents(now())];
  let logs: readonly Log[] = [...allLogs.url, "signIns"];
  let isPartial = false;

  const sightingsOf =
    (kind: Kind): QueryHandler =>
    (query) => {
      const found = sightings.flatMap((each) => {
        const owner = ownerIn(query, each.value);
        return owner !== undefined && logs.includes(each.log) ? [sightingRow(each, owner)] : [];
      });
      const any = allLogs[kind].filter((log) => logs.includes(log)).map((log) => anyRow(log, now()));
      return { columns: sightingColumns, rows: [...any, ...found], isPartial };
    };

  const earlierIncidents = (query: LogQuery): LogTable => {
    const { lists } = query;
    const owners = [...new Set(lists[1])];
    const rows = owners.flatMap((owner) => {
      const same = incidents.filter(({ values }) => values.some((value) => ownerIn(query, value) === owner));
      return same.length > 0 ? [incidentRow(owner, same)] : [];
    });
    return { columns: incidentColumns, rows, isPartial };
  };

  const handlers: QueryHandlers = {
    "sightings:file": sightingsOf("file"),
    "sightings:url": sightingsOf("url"),
    "sightings:domain": sightingsOf("domain"),
    "sightings:address": sightingsOf("address"),
    "earlier-incidents": earlierIncidents,
  };
  return {
    handlers,
    addSighting: (...added: readonly LoggedSighting[]) => void sightings.push(...added),
    addIncident: (...added: readonly LoggedIncident[]) => void incidents.push(...added),
    /** The workspace has no other logs: tables of theirs are missing, or empty. */
    onlyLogs(...present: readonly Log[]) {
      logs = present;
    },
    /** From now on the service can read only a part of the logs. */
    readInPart() {
      isPartial = true;
    },
  };
}

function ownerIn({ lists: [spellings = [], owners = []] }: LogQuery, value: string): string | undefined {
  return owners[spellings.indexOf(value.toLowerCase())];
}

function sightingRow(sighting: LoggedSighting, owner: string) {
  const { log, entities, reached = entities, events = entities, blocked = 0, first, last } = sighting;
  return {
    Log: log,
    Value: owner,
    Entities: entities,
    Reached: reached,
    Events: events,
    Blocked: blocked,
    First: new Date(first).toISOString(),
    Last: new Date(last).toISOString(),
  };
}

/** That there are logs of this kind at all. */
function anyRow(log: Log, now: number) {
  return {
    ...sightingRow({ value: "", log, entities: 1, reached: 0, first: now, last: now }, ""),
    Value: "",
  };
}

function incidentRow(owner: string, same: readonly LoggedIncident[]) {
  const list = same.slice(0, mostListed).map(({ number, status = "Closed", classification = "" }) => ({
    number,
    status,
    classification,
  }));
  return {
    Value: owner,
    Incidents: same.length,
    Since: new Date(Math.min(...same.map(({ createdAt }) => createdAt))).toISOString(),
    List: JSON.stringify(list),
  };
}

const day = 24 * 60 * 60 * 1000;

/** For the sample incident: clicks on its URL on the day of the mail, and the file that came of it. */
function builtInSightings(now: number): readonly LoggedSighting[] {
  const { maliciousFile, maliciousUrl, maliciousDomain, cleanAddress } = knownToVirusTotal;
  const at = { first: now - 2 * day, last: now - 2 * day };
  return [
    { value: maliciousFile.sha256, log: "devices", entities: 3, events: 9, ...at },
    ...[maliciousUrl, maliciousDomain].flatMap((value): readonly LoggedSighting[] => [
      { value, log: "mail", entities: 12, ...at },
      { value, log: "clicks", entities: 2, reached: 1, blocked: 1, ...at },
    ]),
    { value: cleanAddress, log: "devices", entities: 214, events: 81_532, first: now - 30 * day, last: now },
  ];
}

/** Analysts have seen the file that no provider knows. */
function builtInIncidents(now: number): readonly LoggedIncident[] {
  const common = { values: [unknownFile], classification: "FalsePositive" };
  return [
    { number: 1180, createdAt: now - 55 * day, ...common },
    { number: 1204, createdAt: now - 41 * day, ...common },
  ];
}
