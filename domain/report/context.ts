import type { IncidentRef } from "../incident/incident";
import { type Indicator, type IndicatorKind, indicatorKinds, keysOf } from "../indicators/indicator";
import type { RunReport } from "./report";

/** What the workspace's own logs know of the indicators of a run. It never changes a verdict. Plain JSON. */
export interface RunContext {
  /** How many days back sightings were looked for. */
  readonly days: number;
  /** By `indicatorKey`; one of which nothing is known has no entry. */
  readonly indicators: Readonly<Record<string, IndicatorContext>>;
  /** What could not be read, or not all of it. */
  readonly gaps: readonly ContextGap[];
  /** The logs that have rows of this time at all, by the kind of indicator that is looked for in them. */
  readonly logs: Readonly<Partial<Record<IndicatorKind, readonly LogKind[]>>>;
}

export interface IndicatorContext {
  /** Empty: it was looked for and has not been seen. Absent: not known. */
  readonly sightings?: readonly Sighting[];
  /** Absent where there are none, and where it is not known. */
  readonly earlier?: EarlierIncidents;
}

/** Kinds of logs, in the order in which they are reported. */
export const logKinds = ["devices", "mail", "clicks", "firewall", "signIns"] as const;
export type LogKind = (typeof logKinds)[number];

/** As in "logs of email". */
export const logNames: Readonly<Record<LogKind, string>> = {
  devices: "devices",
  mail: "email",
  clicks: "clicks",
  firewall: "firewalls",
  signIns: "sign-ins",
};

/** The kinds of logs in which a kind of indicator is looked for. */
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
  /** Those of them for which not everything was blocked. */
  readonly reached: number;
  readonly events: number;
  /** Events that were blocked; of sign-ins, those that failed. */
  readonly blocked: number;
  /** Epoch milliseconds. */
  readonly first: number;
  readonly last: number;
}

/** Other incidents of the last 90 days with the same indicator. */
export interface EarlierIncidents {
  readonly count: number;
  /** When the first of them was raised, epoch milliseconds. */
  readonly since: number;
  /** Their numbers by how they ended; empty where they are too many to list. */
  readonly endings: Readonly<Partial<Record<Ending, readonly number[]>>>;
}

/** How an incident was closed, in the order in which it is reported; `closed` is without a classification. */
export const endings = [
  "truePositive",
  "benignPositive",
  "falsePositive",
  "undetermined",
  "closed",
  "open",
] as const;
export type Ending = (typeof endings)[number];

/** In more incidents than these an indicator is common: how they ended says nothing. */
export const commonFrom = 20;
export const earlierDays = 90;

/** What is asked for by a query of its own: sightings of one kind of indicator, or earlier incidents. */
const contextParts = [...indicatorKinds, "earlier"] as const;
export type ContextPart = (typeof contextParts)[number];

export interface ContextGap {
  readonly part: ContextPart;
  /** `partial`: what is there is less than there is. */
  readonly kind: "late" | "partial" | "refused" | "failed";
  /** For people; says what to do where something can be done. */
  readonly reason?: string;
}

export interface ContextRequest {
  readonly incident: IncidentRef;
  readonly indicators: readonly Indicator[];
  readonly parts: readonly ContextPart[];
  /** Of the sightings. */
  readonly days: number;
  /** For all of it. */
  readonly timeoutMs: number;
}

export interface ContextReading {
  readonly context: RunContext;
  /** What the service has put off, and when it may be asked again. Those parts are gaps of the context. */
  readonly retry?: { readonly parts: readonly ContextPart[]; readonly afterSeconds: number };
}

/** Where context comes from. Log Analytics today. Never throws for what the service can answer. */
export interface ContextSource {
  read(request: ContextRequest): Promise<ContextReading>;
}

/** The parts that there is something to ask about. */
export function partsFor(indicators: readonly Indicator[]): readonly ContextPart[] {
  const kinds = new Set(indicators.map(({ kind }) => kind));
  return contextParts.filter((part) => part === "earlier" || kinds.has(part)).slice(kinds.size > 0 ? 0 : 1);
}

/** The context that is known of an indicator, under whichever of its hashes it was asked for. */
export function contextOf({ context }: Pick<RunReport, "context">, indicator: Indicator): IndicatorContext {
  const known = keysOf(indicator).flatMap((key) => context?.indicators[key] ?? []);
  const sightings = known.flatMap((each) => (each.sightings ? [each.sightings] : []));
  const earlier = known.flatMap((each) => each.earlier ?? []);
  const most = sightings.toSorted((a, b) => b.length - a.length)[0];
  const longest = earlier.toSorted((a, b) => b.count - a.count)[0];
  return { ...(most && { sightings: most }), ...(longest && { earlier: longest }) };
}

/** The context with what a second reading has brought of the parts that it was about. */
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

/** Of a reading that brought nothing. */
export function withoutContext(
  { parts, days }: Pick<ContextRequest, "parts" | "days">,
  gap: Omit<ContextGap, "part">,
): RunContext {
  return { days, indicators: {}, logs: {}, gaps: parts.map((part) => ({ part, ...gap })) };
}
