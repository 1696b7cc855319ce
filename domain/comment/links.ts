import { type Indicator, indicatorKey } from "../indicators/indicator";
import { labelOf, pluralLabelOf, titleOf } from "../indicators/label";
import type { ActiveRelation } from "../lookups/relation";
import { type Link, newLinksIn } from "../report/links";
import type { RunReport } from "../report/report";
import { capitalised, grouped, listed, sentence } from "../text";

const mostLines = 5;
const mostNames = 3;

/** Which of the incident's indicators are related. */
export interface LinksView {
  readonly lines: readonly LinkLine[];
  /** Links beyond those. */
  readonly more: number;
}

interface LinkLine {
  /** A sentence: "File invoice.exe contacts domain evil[.]example[.]com, IP address 8[.]8[.]8[.]8." */
  readonly text: string;
  readonly count: number;
}

export const noLinks: LinksView = { lines: [], more: 0 };

/** Verbs for one subject and for several. */
const words: Readonly<Record<ActiveRelation, readonly [one: string, many: string]>> = {
  contacts: ["contacts", "contact"],
  drops: ["drops", "drop"],
  contains: ["contains", "contain"],
  executes: ["executes", "execute"],
  resolvesTo: ["resolves to", "resolve to"],
  servedBy: ["is served by", "are served by"],
  redirectsTo: ["redirects to", "redirect to"],
};

/**
 * Links between the report's indicators; indicators with the same relation to the same others share a line. An update
 * has only the new links.
 */
export function linksView(report: RunReport): LinksView {
  const links = newLinksIn(report);
  const nameOf = namesIn(report);
  const bundles = grouped(links, ({ from, relation }) => `${relation} ${indicatorKey(from)}`);
  const lines = grouped(bundles, (same) =>
    JSON.stringify([same[0].relation, same[0].from.kind, targetsOf(same)]),
  );
  const shown = lines.slice(0, mostLines).map((alike) => ({
    text: textOf(alike, nameOf),
    count: alike.reduce((sum, { length }) => sum + length, 0),
  }));
  return { lines: shown, more: links.length - linksOn(shown) };
}

/** All links of one indicator with one relation. */
type Bundle = readonly [Link, ...Link[]];

const targetsOf = (bundle: Bundle) => bundle.map(({ to }) => indicatorKey(to)).toSorted();

/** The view with that many fewer lines; their links are counted instead. */
export function withFewerLinks({ lines, more }: LinksView, fewer: number): LinksView {
  const kept = lines.slice(0, lines.length - fewer);
  return { lines: kept, more: more + linksOn(lines) - linksOn(kept) };
}

const linksOn = (lines: readonly LinkLine[]) => lines.reduce((sum, { count }) => sum + count, 0);

function textOf(
  [first, ...others]: readonly [Bundle, ...Bundle[]],
  nameOf: (indicator: Indicator) => string,
): string {
  const [{ from, relation }] = first;
  const [one, many] = words[relation];
  const subject =
    others.length === 0
      ? `${nameOf(from)} ${one}`
      : `${pluralLabelOf([from, ...others.map(([{ from: other }]) => other)], mostNames)} ${many}`;
  const targets = first.map(({ to }) => nameOf(to));
  return sentence(capitalised(`${subject} ${listed(targets, mostNames)}`));
}

/** Names a file by its name alone, unless another file has the same name. */
function namesIn({ items }: RunReport): (indicator: Indicator) => string {
  const titles = items.map(({ indicator }) => titleOf(indicator));
  const same = grouped(titles, (title) => title).filter(({ length }) => length > 1);
  const repeated = new Set(same.map(([title]) => title));
  return (indicator) => {
    const title = titleOf(indicator);
    return repeated.has(title) ? labelOf(indicator) : title;
  };
}
