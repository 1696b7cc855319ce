import type { Attempt } from "../../domain/attempt";
import { type Indicator, indicatorKinds } from "../../domain/indicators/indicator";
import { urlFrom } from "../../domain/indicators/url";
import {
  type BulkProvider,
  type Consultation,
  fault,
  final,
  type Outcome,
  overQuota,
} from "../../domain/lookups/provider";
import { verdicts } from "../../domain/verdict";
import type { ProviderOutside } from "../provider-description";
import { answerFrom } from "./answer";
import { days, type Entry, entriesQuery, entryFrom, ifTableIsMissing } from "./wire";

interface WorkspaceTiOptions extends Pick<ProviderOutside, "runLogQuery"> {
  readonly isOn: boolean;
}

export const title = "Sentinel threat intelligence";

/** Values of one query. */
const mostValues = 200;
const bulkSize = 200;

const faultSeconds = 5;
/** Log Analytics counts requests over 30 s. https://learn.microsoft.com/azure/azure-monitor/service-limits */
const throttledSeconds = 30;
const longestPauseSeconds = 3600;

const noEntry: Outcome = { kind: "noOpinion", reason: `${title} has no entry` };

/**
 * The workspace's own threat intelligence as a provider: one query for many indicators, in the workspace of their incident.
 * It can raise a verdict but never lower one, so a workspace that cannot be queried is not a gap: it is reported as off.
 */
export function createWorkspaceTi({ isOn, runLogQuery }: WorkspaceTiOptions): BulkProvider {
  return {
    id: "workspace-ti",
    title,
    kinds: isOn ? indicatorKinds : [],
    off: {},
    quota: { perMinute: 0, perDay: 0, perMonth: 0 },
    isInternal: true,
    bulkSize,
    async consultAll(indicators, scope) {
      const values = [...new Set(indicators.flatMap(writtenValues))];
      const readings = await Promise.all(
        inQueries(values).map((some) =>
          runLogQuery({ scope, text: entriesQuery(some), days, ifTableIsMissing }),
        ),
      );
      const failure = readings.find(({ kind }) => kind !== "done");
      if (failure) return indicators.map(() => withoutAnswer(failure));
      const rows = readings.flatMap((reading) => (reading.kind === "done" ? reading.value : []));
      const entries = entriesByKey(rows);
      return indicators.map((indicator) =>
        final(outcomeOf(keysOf(indicator).flatMap((key) => entries.get(key) ?? []))),
      );
    },
  };
}

function inQueries(values: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(values.length / mostValues) }, (_, i) =>
    values.slice(i * mostValues, (i + 1) * mostValues),
  );
}

/** How sources may write the indicator of an entry; case does not matter. Of a private URL only a part is known here. */
function writtenValues(indicator: Indicator): readonly string[] {
  const keys = keysOf(indicator);
  // Some sources omit the slash of an empty path.
  return [...keys, ...keys.filter((key) => emptyPath.test(key)).map((key) => key.slice(0, -1))];
}

const emptyPath = /^https?:\/\/[^/?]+\/$/;

/** The keys by which the indicator's entries are found. */
function keysOf({ value, hashes = {}, byFingerprint }: Indicator): readonly string[] {
  return byFingerprint ? [] : [...new Set([value, ...Object.values(hashes)])];
}

/** The query ignores case, which matters in the path of a URL, so the entries are compared again. */
function entriesByKey(
  rows: readonly Readonly<Record<string, unknown>>[],
): ReadonlyMap<string, readonly Entry[]> {
  const entries = new Map<string, Entry[]>();
  for (const entry of rows.flatMap((cells) => entryFrom(cells) ?? [])) {
    const url = entry.value.includes("/") ? urlFrom(entry.value) : undefined;
    const key = url?.kind === "lookup" ? url.value : entry.value.toLowerCase();
    entries.set(key, [...(entries.get(key) ?? []), entry]);
  }
  return entries;
}

/** The most important entry of one indicator, for example of those for the hashes of a file. */
function outcomeOf(entries: readonly Entry[]): Outcome {
  const [first] = entries
    .toSorted((a, b) => (b.confidence ?? -1) - (a.confidence ?? -1))
    .map(answerFrom)
    .toSorted((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict));
  return first ? { kind: "answered", answer: first } : noEntry;
}

function withoutAnswer(failure: Attempt<unknown>): Consultation {
  if (failure.kind === "refused")
    return final({ kind: "off", reason: `${title} could not be read (${failure.reason})` });
  if (failure.kind === "done") return final(noEntry);
  const { reason, afterSeconds } = failure;
  if (!failure.isThrottled) return fault(reason, afterSeconds ?? faultSeconds);
  const pause = Math.min(Math.max(afterSeconds ?? throttledSeconds, 1), longestPauseSeconds);
  return overQuota(reason, pause);
}
