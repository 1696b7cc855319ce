import type { Indicator } from "../indicators/indicator";
import { labelOf, pluralLabelOf } from "../indicators/label";
import type { Finding } from "../report/finding";
import type { RunReport } from "../report/report";
import { cut } from "../text";
import { disagreementIn } from "./disagreement";
import { factsOf } from "./facts";
import { type Figure, figuresOf } from "./figures";
import { sightingText } from "./sightings";

/** One indicator, or several with the same description. */
export interface Item {
  /** Only for bad indicators: "Malicious", or in an update "Malicious (was unknown)". */
  readonly verdict?: string;
  /** "file invoice.exe (275a021bbfb6…)", "39 IP addresses (93[.]184[.]216[.]1, 93[.]184[.]216[.]2 and 37 more)". */
  readonly label: string;
  /** How many of the incident's indicators or entities it stands for. */
  readonly count: number;
  readonly figures: readonly Figure[];
  /** Sentences. */
  readonly facts: readonly string[];
}

const maxLabelLength = 200;

export function itemOf(report: RunReport, finding: Finding): Item {
  const { item } = finding;
  return {
    label: cut(labelOf(item.indicator), maxLabelLength),
    count: 1,
    figures: figuresOf(report, item),
    facts: [...factsOf(report, item), ...keptFacts(report, finding)],
  };
}

/** Facts that are kept however many indicators there are. */
function keptFacts(report: RunReport, finding: Finding): readonly string[] {
  return [disagreementIn(report, finding), sightingText(report, finding)].filter(
    (text) => text !== undefined,
  );
}

/** If there are more items than this, harmless and unknown indicators are listed without distinguishing facts. */
const mostItems = 8;

/** Items for findings that are not bad, in their order; those of one kind with equal answers share an item. */
export function foldedItems(report: RunReport, findings: readonly Finding[]): readonly Item[] {
  const all = folded(report, findings, itemOf);
  return all.length <= mostItems ? all : folded(report, findings, withoutFacts);
}

function withoutFacts(report: RunReport, finding: Finding): Item {
  return { ...itemOf(report, finding), facts: keptFacts(report, finding) };
}

function folded(
  report: RunReport,
  findings: readonly Finding[],
  itemFrom: (report: RunReport, finding: Finding) => Item,
): readonly Item[] {
  const groups = new Map<
    string,
    { readonly first: Item; readonly indicators: [Indicator, ...Indicator[]] }
  >();
  for (const finding of findings) {
    const { item } = finding;
    const first = itemFrom(report, finding);
    const said = first.figures.map(({ provider, text }) => [provider, text]);
    const key = JSON.stringify([item.indicator.kind, said, first.facts]);
    const group = groups.get(key);
    if (group) group.indicators.push(item.indicator);
    else groups.set(key, { first, indicators: [item.indicator] });
  }
  return [...groups.values()].map(({ first, indicators }) =>
    indicators.length === 1 ? first : joined(first, indicators),
  );
}

const mostValues = 5;

function joined({ figures, ...item }: Item, indicators: readonly [Indicator, ...Indicator[]]): Item {
  return {
    ...item,
    label: pluralLabelOf(indicators, mostValues),
    count: indicators.length,
    // A report is about one indicator.
    figures: figures.map(({ provider, text }) => ({ provider, text })),
  };
}
