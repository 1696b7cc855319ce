import { type Indicator, type IndicatorKind, indicatorKey } from "../indicators/indicator";
import {
  type ActiveRelation,
  activeRelations,
  inverseOf,
  keysIn,
  keysOfIndicator,
  type Relation,
  relations,
} from "../lookups/relation";
import { verdicts } from "../verdict";
import { hashesIn, type ReportItem, type RunReport } from "./report";
import { findingOf } from "./summary";

/** Two of the incident's own indicators that a service knows to be related: `from` contacts `to`. */
export interface Link {
  readonly from: Indicator;
  readonly relation: ActiveRelation;
  readonly to: Indicator;
}

/** A link from the point of view of one of its ends. */
interface LinkOfIndicator {
  readonly relation: Relation;
  /** Kind and value of the other end. */
  readonly kind: IndicatorKind;
  readonly value: string;
}

type Linked = Pick<RunReport, "providers" | "items">;

/**
 * Links between the indicators of a report, those between the worst indicators first. A pair has at most one link per
 * direction, for its most important relation, whichever answer names it. A link is not evidence: no verdict depends on it.
 */
export function linksIn(report: Linked): readonly Link[] {
  return worstFirst(report, distinct(report.items.flatMap(directedLinksIn(report.items))));
}

/** The links of one indicator, in the order of the report's links. */
export function linksOf(links: readonly Link[], indicator: Indicator): readonly LinkOfIndicator[] {
  const key = indicatorKey(indicator);
  return links.flatMap(({ from, relation, to }): readonly LinkOfIndicator[] => {
    if (indicatorKey(from) === key) return [{ relation, kind: to.kind, value: to.value }];
    if (indicatorKey(to) !== key) return [];
    return [{ relation: inverseOf[relation], kind: from.kind, value: from.value }];
  });
}

/** Links that did not exist yet when the first comment was written; for a first comment, all links. */
export function newLinksIn(report: Linked): readonly Link[] {
  const before = report.items.flatMap(({ indicator, before: lookups }) =>
    lookups ? [{ indicator: asKnownBefore(indicator), lookups }] : [],
  );
  const said = new Set(linksIn({ ...report, items: before }).map(keyOf));
  return linksIn(report).filter((link) => !said.has(keyOf(link)));
}

/** Without hashes, which may have been learned since then. */
function asKnownBefore({ hashes: _hashes, ...indicator }: Indicator): Indicator {
  return indicator;
}

function directedLinksIn(items: readonly ReportItem[]): (item: ReportItem) => readonly Link[] {
  const byKey = new Map(
    items.flatMap(({ indicator, lookups }) => {
      const known = Object.values(lookups).flatMap(hashesIn);
      return keysOfIndicator(indicator, known).map((key) => [key, indicator] as const);
    }),
  );
  return ({ indicator, lookups }) =>
    Object.values(lookups).flatMap((lookup) => {
      const related = lookup.kind === "answered" ? (lookup.answer.related ?? {}) : {};
      return relations.flatMap((relation) =>
        keysIn(related[relation] ?? "").flatMap((key) => {
          const other = byKey.get(key);
          return other && other !== indicator ? [directed(indicator, relation, other)] : [];
        }),
      );
    });
}

function directed(indicator: Indicator, relation: Relation, other: Indicator): Link {
  const active = activeRelations.find((each) => inverseOf[each] === relation);
  return active
    ? { from: other, relation: active, to: indicator }
    : { from: indicator, relation: relation as ActiveRelation, to: other };
}

function distinct(links: readonly Link[]): readonly Link[] {
  const byPair = new Map<string, Link>();
  const rank = ({ relation }: Link) => activeRelations.indexOf(relation);
  for (const link of links) {
    const present = byPair.get(keyOf(link));
    if (!present || rank(link) < rank(present)) byPair.set(keyOf(link), link);
  }
  return [...byPair.values()];
}

const keyOf = ({ from, to }: Link) => JSON.stringify([indicatorKey(from), indicatorKey(to)]);

function worstFirst(report: Linked, links: readonly Link[]): readonly Link[] {
  const places = new Map(
    report.items.map((item, position) => [
      indicatorKey(item.indicator),
      { position, rank: verdicts.indexOf(findingOf(report, item).verdict) },
    ]),
  );
  const placeOf = (indicator: Indicator) => places.get(indicatorKey(indicator)) ?? { position: 0, rank: 0 };
  const order = ({ from, to }: Link) => {
    const [a, b] = [placeOf(from), placeOf(to)];
    return [a.rank + b.rank, a.position, b.position] as const;
  };
  return links
    .map((link) => ({ link, by: order(link) }))
    .toSorted((a, b) => a.by[0] - b.by[0] || a.by[1] - b.by[1] || a.by[2] - b.by[2])
    .map(({ link }) => link);
}
