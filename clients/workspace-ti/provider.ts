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
 * What the workspace's own threat intelligence lists: a query for many indicators, in the workspace of their incident. It
 * can raise a verdict and never lowers one, so a workspace that cannot be queried leaves no gap: it is named as off.
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

/** As sources may write what an entry is about; case does not matter. Of a private URL only a part is known here. */
function writtenValues(indicator: Indicator): readonly string[] {
  const keys = keysOf(indicator);
  // Sources leave the slash of an empty path out.
  return [...keys, ...keys.filter((key) => emptyPath.test(key)).map((key) => key.slice(0, -1))];
}

const emptyPath = /^https?:\/\/[^/?]+\/$/;

/** What its entries are found by. */
function keysOf({ value, hashes = {}, byFingerprint }: Indicator): readonly string[] {
  return byFingerprint ? [] : [...new Set([value, ...Object.values(hashes)])];
}

/** The query compares without regard to case, which in the path of a URL makes a difference. */
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

/** Of the entries for one thing, such as those for the hashes of a file, the one that weighs most. */
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
