import type { IncidentRef } from "../incident/incident";
import { type Indicator, type IndicatorKind, indicatorKinds, keysOf } from "../indicators/indicator";

/** What the workspace's own logs show about a run's indicators. It never changes a verdict. Plain JSON. */
export interface RunContext {
  /** How many days back the logs were searched for sightings. */
  readonly days: number;
  /** By `indicatorKey`; an indicator without context has no entry. */
  readonly indicators: Readonly<Record<string, IndicatorContext>>;
  /** What could not be read completely. */
  readonly gaps: readonly ContextGap[];
  /** The logs that have any rows of this period, by the kind of indicator that is searched for in them. */
  readonly logs: Readonly<Partial<Record<IndicatorKind, readonly LogKind[]>>>;
}

export interface IndicatorContext {
  /** Empty: searched for, but not seen. Absent: not known. */
  readonly sightings?: readonly Sighting[];
  /** Absent if there are none, or if it is not known. */
  readonly earlier?: EarlierIncidents;
}

/** Kinds of logs, in the order in which they are reported. */
export const logKinds = ["devices", "mail", "clicks", "firewall", "signIns"] as const;
export type LogKind = (typeof logKinds)[number];

/** Names for use after "logs of". */
export const logNames: Readonly<Record<LogKind, string>> = {
  devices: "devices",
  mail: "email",
  clicks: "clicks",
  firewall: "firewalls",
  signIns: "sign-ins",
};

/** The kinds of logs in which a kind of indicator is searched for. */
export const logsOf: Readonly<Record<IndicatorKind, readonly LogKind[]>> = {
  file: ["devices", "mail"],
  url: ["devices", "mail", "clicks", "firewall"],
  domain: ["devices", "mail", "clicks", "firewall"],
  address: ["devices", "mail", "firewall", "signIns"],
};

/** Where one indicator has been seen in one kind of log. */
export interface Sighting {
  readonly log: LogKind;
  /** Devices, mailboxes, users who clicked, addresses behind the firewall, users who signed in. */
  readonly entities: number;
  /** How many of them were reached, because not everything was blocked. */
  readonly reached: number;
  readonly events: number;
  /** Blocked events; for sign-ins, failed ones. */
  readonly blocked: number;
  /** Epoch milliseconds. */
  readonly first: number;
  readonly last: number;
}

/** Other incidents of the last 90 days with the same indicator. */
export interface EarlierIncidents {
  readonly count: number;
  /** When the first of them was created, epoch milliseconds. */
  readonly since: number;
  /** Their numbers, by how they were closed; empty if there are too many to list. */
  readonly endings: Readonly<Partial<Record<Ending, readonly number[]>>>;
}

/** How an incident was closed, in the order of the report; `closed` means without a classification. */
export const endings = [
  "truePositive",
  "benignPositive",
  "falsePositive",
  "undetermined",
  "closed",
  "open",
] as const;
export type Ending = (typeof endings)[number];

/** An indicator in more incidents than this is common, and how they were closed means nothing. */
export const commonFrom = 20;
export const earlierDays = 90;

/** Parts that each have their own query: sightings of one kind of indicator, or earlier incidents. */
const contextParts = [...indicatorKinds, "earlier"] as const;
export type ContextPart = (typeof contextParts)[number];

export interface ContextGap {
  readonly part: ContextPart;
  /** `partial`: the answer is incomplete. */
  readonly kind: "late" | "partial" | "refused" | "failed";
  /** For people; says what to do, if anything can be done. */
  readonly reason?: string;
}

export interface ContextRequest {
  readonly incident: IncidentRef;
  readonly indicators: readonly Indicator[];
  readonly parts: readonly ContextPart[];
  /** How far back to search for sightings. */
  readonly days: number;
  /** For the whole reading. */
  readonly timeoutMs: number;
}

export interface ContextReading {
  readonly context: RunContext;
  /** Parts that the service refused for now, and when to retry. They are gaps of the context. */
  readonly retry?: { readonly parts: readonly ContextPart[]; readonly afterSeconds: number };
}

/** The source of context, currently Log Analytics. Never throws for anything the service may answer. */
export interface ContextSource {
  read(request: ContextRequest): Promise<ContextReading>;
}

/** The parts that the indicators make necessary. */
export function partsFor(indicators: readonly Indicator[]): readonly ContextPart[] {
  const kinds = new Set(indicators.map(({ kind }) => kind));
  return contextParts.filter((part) => part === "earlier" || kinds.has(part)).slice(kinds.size > 0 ? 0 : 1);
}

/** The known context of an indicator, whichever of its hashes was queried. */
export function contextOf(
  { context }: { readonly context?: RunContext },
  indicator: Indicator,
): IndicatorContext {
  const known = keysOf(indicator).flatMap((key) => context?.indicators[key] ?? []);
  const sightings = known.flatMap((each) => (each.sightings ? [each.sightings] : []));
  const earlier = known.flatMap((each) => each.earlier ?? []);
  const most = sightings.toSorted((a, b) => b.length - a.length)[0];
  const longest = earlier.toSorted((a, b) => b.count - a.count)[0];
  return { ...(most && { sightings: most }), ...(longest && { earlier: longest }) };
}

/** The context after a second reading of these parts. */
export function mergedContext(
  context: RunContext,
  again: RunContext,
  parts: readonly ContextPart[],
): RunContext {
  const keys = [...new Set([...Object.keys(context.indicators), ...Object.keys(again.indicators)])];
  return {
    ...context,
    gaps: [...context.gaps.filter(({ part }) => !parts.includes(part)), ...again.gaps],
    logs: { ...context.logs, ...again.logs },
    indicators: Object.fromEntries(
      keys.map((key) => [key, { ...context.indicators[key], ...again.indicators[key] }]),
    ),
  };
}

/** The context of a reading without results. */
export function withoutContext(
  { parts, days }: Pick<ContextRequest, "parts" | "days">,
  gap: Omit<ContextGap, "part">,
): RunContext {
  return { days, indicators: {}, logs: {}, gaps: parts.map((part) => ({ part, ...gap })) };
}
