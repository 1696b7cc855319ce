import type { Attempt } from "../../domain/attempt";
import { type Indicator, type IndicatorKind, indicatorKey } from "../../domain/indicators/indicator";
import { logSpellings, logTerm } from "../../domain/indicators/label";
import { defined } from "../../domain/json";
import {
  type ContextGap,
  type ContextPart,
  type ContextReading,
  type ContextRequest,
  type ContextSource,
  earlierDays,
  type IndicatorContext,
  type LogKind,
  type Sighting,
} from "../../domain/report/context";
import type { LogAnswer, LogQuery, LogRow, ReadLogs } from "../log-query";
import { earlierIncidentsFrom, earlierIncidentsQuery } from "./earlier-incidents";
import { sightingQueries, sightingRowFrom, type Terms } from "./sightings";

/** Results of a query. */
interface Found {
  readonly indicators: Readonly<Record<string, IndicatorContext>>;
  readonly logs: readonly LogKind[];
}

interface PartReading extends Found {
  readonly part: ContextPart;
  readonly gap?: Omit<ContextGap, "part">;
  readonly retryAfterSeconds?: number;
}

/**
 * Queries Log Analytics for the context of a run: one query per kind of indicator and one for earlier incidents, in
 * parallel. After a refusal no further query is sent.
 */
export function createContextSource(readLogs: ReadLogs): ContextSource {
  return {
    async read(request) {
      const signal = AbortSignal.timeout(request.timeoutMs);
      let refusal: Attempt<LogAnswer> | undefined;
      const ask = async (query: LogQuery) => {
        const answer = refusal ?? (await readLogs({ ...query, signal, isOptional: true }));
        if (answer.kind === "refused") refusal = answer;
        return answer;
      };
      const parts = await Promise.all(
        request.parts.map((part) => readPart(part, request, ask, () => signal.aborted)),
      );
      return readingFrom(request, parts);
    },
  };
}

/** Reads one part, batch after batch. A failure ends it, and results up to then are kept. */
async function readPart(
  part: ContextPart,
  request: ContextRequest,
  ask: ReadLogs,
  isLate: () => boolean,
): Promise<PartReading> {
  const { batches, isWhole } = contextBatches(
    request.indicators.filter(({ kind }) => part === "earlier" || kind === part),
  );
  const found: Found[] = [];
  let isPartial = !isWhole;
  for (const batch of batches) {
    const answer = await ask(queryFor(part, batch, request));
    if (answer.kind === "done") {
      isPartial ||= answer.value.isPartial;
      found.push(foundIn(part, batch, answer.value));
      continue;
    }
    const retryAfterSeconds = answer.kind === "again" ? answer.afterSeconds : undefined;
    return {
      ...joined(part, found),
      gap: isLate() ? { kind: "late" } : gapOf(answer),
      ...defined({ retryAfterSeconds: found.length > 0 ? undefined : retryAfterSeconds }),
    };
  }
  return { ...joined(part, found), ...(isPartial && { gap: { kind: "partial" } as const }) };
}

function joined(part: ContextPart, found: readonly Found[]): PartReading {
  return {
    part,
    logs: [...new Set(found.flatMap(({ logs }) => logs))],
    indicators: Object.assign({}, ...found.map(({ indicators }) => indicators)),
  };
}

function gapOf({ kind, reason }: Exclude<Attempt<LogAnswer>, { kind: "done" }>): Omit<ContextGap, "part"> {
  return { kind: kind === "refused" ? "refused" : "failed", reason };
}

const ifTablesAreMissing =
  "the workspace has no tables SecurityAlert and SecurityIncident. Connect Microsoft Defender XDR to Microsoft Sentinel.";
const ifNotUnderstood = "it does not understand a query of this version of the app. Set SIGHTINGS=off.";

function queryFor(part: ContextPart, { terms }: ContextBatch, request: ContextRequest): LogQuery {
  const { scope, incidentId } = request.incident;
  return part === "earlier"
    ? {
        scope,
        text: earlierIncidentsQuery(terms, incidentId),
        days: earlierDays,
        ifTableIsMissing: ifTablesAreMissing,
      }
    : {
        scope,
        text: sightingQueries[part](terms, request.days),
        days: request.days,
        ifTableIsMissing: ifNotUnderstood,
      };
}

function foundIn(part: ContextPart, batch: ContextBatch, answer: LogAnswer): Found {
  return part === "earlier" ? earlierIn(batch, answer.rows) : sightingsIn(batch, answer);
}

function earlierIn({ keys }: ContextBatch, rows: readonly LogRow[]): Found {
  const entries = rows.flatMap((row) => {
    const read = earlierIncidentsFrom(row);
    if (!read) return [];
    return (keys.get(read.value) ?? []).map((key) => [key, { earlier: read.earlier }] as const);
  });
  return { indicators: Object.fromEntries(entries), logs: [] };
}

/** If nothing is logged, or not everything was read, an indicator without a row does not count as "not seen". */
function sightingsIn({ keys }: ContextBatch, { rows, isPartial }: LogAnswer): Found {
  const read = rows.flatMap((row) => sightingRowFrom(row) ?? []);
  const logs = [...new Set(read.map((row) => ("sighting" in row ? row.sighting.log : row.log)))];
  const sightings = new Map<string, Sighting[]>();
  for (const row of read)
    if ("sighting" in row) sightings.set(row.value, [...(sightings.get(row.value) ?? []), row.sighting]);
  const isComplete = logs.length > 0 && !isPartial;
  const entries = [...keys].flatMap(([owner, same]) => {
    const seen = sightings.get(owner);
    return seen || isComplete ? same.map((key) => [key, { sightings: seen ?? [] }] as const) : [];
  });
  return { indicators: Object.fromEntries(entries), logs };
}

function readingFrom({ days }: ContextRequest, parts: readonly PartReading[]): ContextReading {
  const indicators: Record<string, IndicatorContext> = {};
  for (const part of parts)
    for (const [key, known] of Object.entries(part.indicators))
      indicators[key] = { ...indicators[key], ...known };
  const retried = parts.filter(({ retryAfterSeconds }) => retryAfterSeconds !== undefined);
  const isRefused = parts.some(({ gap }) => gap?.kind === "refused");
  const logs = parts.flatMap(({ part, gap, logs }) =>
    part === "earlier" || (gap && gap.kind !== "partial") ? [] : [[part, logs] as const],
  );
  return {
    context: {
      days,
      indicators,
      gaps: parts.flatMap(({ part, gap }) => (gap ? [{ part, ...gap }] : [])),
      logs: Object.fromEntries(logs) as Partial<Record<IndicatorKind, readonly LogKind[]>>,
    },
    ...(retried.length > 0 && !isRefused
      ? {
          retry: {
            parts: retried.map(({ part }) => part),
            afterSeconds: Math.max(...retried.map(({ retryAfterSeconds = 0 }) => retryAfterSeconds)),
          },
        }
      : {}),
  };
}

const mostValues = 200;
/** Maximum per part of a run: a thousand values are more than an analyst will read about. */
const mostBatches = 5;

/** Indicators that one query asks about. */
interface ContextBatch {
  readonly terms: Terms;
  /** The keys of the indicators, by the names that the query uses for them. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
}

interface Spelled {
  readonly key: string;
  /** The name in the query; URLs that differ only in case share one. */
  readonly owner: string;
  readonly word: string;
  readonly spellings: readonly string[];
}

/** Batches of at most 200 values; `isWhole` is false if there are too many indicators to query all of them. */
export function contextBatches(indicators: readonly Indicator[]): {
  readonly batches: readonly ContextBatch[];
  readonly isWhole: boolean;
} {
  const batches: (readonly Spelled[])[] = [];
  let batch: Spelled[] = [];
  let values = 0;
  for (const each of indicators.map(spelled)) {
    if (each.spellings.length === 0) continue;
    if (values + each.spellings.length > mostValues) {
      batches.push(batch);
      batch = [];
      values = 0;
    }
    batch.push(each);
    values += each.spellings.length;
  }
  if (batch.length > 0) batches.push(batch);
  return { batches: batches.slice(0, mostBatches).map(batchOf), isWhole: batches.length <= mostBatches };
}

function spelled(indicator: Indicator): Spelled {
  return {
    key: indicatorKey(indicator),
    owner: indicator.value.toLowerCase(),
    word: logTerm(indicator),
    spellings: logSpellings(indicator),
  };
}

function batchOf(batch: readonly Spelled[]): ContextBatch {
  const owners = new Map<string, string>();
  const keys = new Map<string, readonly string[]>();
  const words = new Set<string>();
  for (const { key, owner, word, spellings } of batch) {
    keys.set(owner, [...(keys.get(owner) ?? []), key]);
    for (const spelling of spellings) if (!owners.has(spelling)) owners.set(spelling, owner);
    words.add(word);
  }
  const terms = { spellings: [...owners.keys()], owners: [...owners.values()], words: [...words] };
  return { terms, keys };
}
