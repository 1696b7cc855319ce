import { type Attempt, done, refused } from "../attempt";
import type { IncidentStore } from "../incident/incident-store";
import { indicatorsFrom } from "../indicators/from-entities";
import { type Indicator, type IndicatorKind, indicatorKey } from "../indicators/indicator";
import { type Screening, type Watchlist, withWatchlist } from "../indicators/screening";
import type { Provider } from "../lookups/provider";
import type { KeyStanding } from "../lookups/quota";
import type { MissingRun } from "./missing-run";
import { product } from "./own-comments";

interface CatchUpOptions {
  readonly incidents: Pick<IncidentStore, "readEntities" | "readComments">;
  readonly screening: Screening;
  /** Absent if analysts keep no list. */
  readonly watchlist: Watchlist | undefined;
  readonly halves: readonly HalfOfDay[];
  /** Ends after this many starts. */
  readonly most: number;
  readonly start: (missing: MissingRun) => Promise<Attempt<unknown>>;
}

export type CatchUpStep = { readonly missing: MissingRun } & (
  | {
      readonly kind: "started";
      /** Lookups that none of the earlier runs makes. */
      readonly newLookups: number;
    }
  /** Reading the incident showed that it needs no run. */
  | { readonly kind: "needless"; readonly because: "commented" | "noIndicator" }
  | { readonly kind: "failed"; readonly reason: string }
  /** Its lookups would use more than half of this provider's day, so it and all after it have to wait. */
  | { readonly kind: "spent"; readonly title: string }
);

/**
 * Starts missing runs in order, and yields the result of each; ends when the number is reached or half of a provider's
 * daily quota is spent. Nothing was done for runs that are not yielded. Each distinct indicator counts once.
 */
export async function* catchUp(
  allMissing: readonly MissingRun[],
  options: CatchUpOptions,
): AsyncGenerator<CatchUpStep> {
  const { halves, most, start } = options;
  const budget = createBudget(halves);
  let started = 0;
  for (const missing of allMissing) {
    if (started >= most) return;
    const need = await needFor(missing, options);
    if (need.kind !== "indicators") {
      yield { missing, ...need };
      continue;
    }
    const { spent, newLookups, keep } = budget.with(need.indicators);
    if (spent !== undefined) {
      yield { missing, kind: "spent", title: spent };
      return;
    }
    const attempt = await start(missing);
    if (attempt.kind === "done") {
      started++;
      keep();
      yield { missing, kind: "started", newLookups };
    } else yield { missing, kind: "failed", reason: attempt.reason };
  }
}

type Need =
  | { readonly kind: "indicators"; readonly indicators: readonly Indicator[] }
  | { readonly kind: "needless"; readonly because: "commented" | "noIndicator" }
  | { readonly kind: "failed"; readonly reason: string };

/** What the run would look up, if it is needed at all. */
async function needFor(
  { incident: { ref }, needsIndicator, needsNoComment }: MissingRun,
  { incidents: store, screening, watchlist }: CatchUpOptions,
): Promise<Need> {
  const comments = needsNoComment ? await store.readComments(ref) : done([]);
  if (comments.kind !== "done") return { kind: "failed", reason: comments.reason };
  if (comments.value.some(({ message }) => message.includes(product)))
    return { kind: "needless", because: "commented" };
  const entities = await store.readEntities(ref);
  if (entities.kind !== "done") return { kind: "failed", reason: entities.reason };
  const { indicators } = indicatorsFrom(
    entities.value,
    withWatchlist(screening, await watchlist?.read(ref.scope)),
  );
  return needsIndicator && indicators.length === 0
    ? { kind: "needless", because: "noIndicator" }
    : { kind: "indicators", indicators };
}

/** Counts the lookups of runs. Cached answers cost nothing, so the runs may make fewer. */
function createBudget(halves: readonly HalfOfDay[]) {
  let asked = halves.map((): ReadonlySet<string> => new Set());
  return {
    with(indicators: readonly Indicator[]) {
      const next = halves.map(({ kinds }, i) => {
        const added = indicators.filter(({ kind }) => kinds.includes(kind)).map(indicatorKey);
        return new Set([...(asked[i] ?? []), ...added]);
      });
      const countOf = (sets: readonly ReadonlySet<string>[]) => sets.reduce((sum, { size }) => sum + size, 0);
      return {
        newLookups: countOf(next) - countOf(asked),
        spent: halves.find(({ left }, i) => (next[i]?.size ?? 0) > left)?.title,
        keep: () => {
          asked = next;
        },
      };
    },
  };
}

/** What is left of half of a service's daily quota; the other half is for new incidents. */
export interface HalfOfDay {
  /** Title of the provider. */
  readonly title: string;
  /** The kinds of indicator that it looks up. */
  readonly kinds: readonly IndicatorKind[];
  readonly left: number;
  /** For people. */
  readonly text: string;
}

/** Refused if the key is refused, since all its lookups would fail. */
export function halfOfDay(
  { title, kinds, quota, auto }: Pick<Provider, "title" | "kinds" | "quota" | "auto">,
  standing: KeyStanding,
): Attempt<HalfOfDay> {
  const perDay = (otherwise: number) => (quota.perDay === "auto" ? otherwise : quota.perDay);
  const half = (limit: number, usedToday: number) =>
    done({ title, kinds, ...halfOf(title, limit, usedToday) });
  switch (standing.kind) {
    case "noKey":
      return done({ title, kinds, left: Number.POSITIVE_INFINITY, text: noKeyText(title) });
    case "refused":
      return refused(standing.reason);
    case "hidden":
      return half(perDay(auto?.assumed.perDay ?? 0), 0);
    case "known": {
      const { quota, used } = standing.reading;
      return half(perDay(quota.perDay), used?.day ?? 0);
    }
  }
}

export const noKeyText = (title: string) => `${title} has no key, so no quota is used.`;

function halfOf(title: string, perDay: number, usedToday: number): Pick<HalfOfDay, "left" | "text"> {
  if (perDay === 0) return { left: Number.POSITIVE_INFINITY, text: `${title} sets no limit for a day.` };
  const left = Math.max(0, Math.floor(perDay / 2) - usedToday);
  return { left, text: `${title}: ${usedToday} of ${perDay} requests used today; ${left} may be used here.` };
}

/** For each workspace, the change up to which reconciliation has looked at its incidents. */
export interface ChangeMarks {
  /** Epoch milliseconds; `undefined` before the first pass. */
  read(scope: string): Promise<Attempt<number | undefined>>;
  write(scope: string, mark: number): Promise<Attempt<void>>;
}
