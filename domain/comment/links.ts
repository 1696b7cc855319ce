import { type Indicator, indicatorKey } from "../indicators/indicator";
import { labelOf, titleOf } from "../indicators/label";
import type { ActiveRelation } from "../lookups/relation";
import { type Link, newLinksIn } from "../report/links";
import type { RunReport } from "../report/report";
import { capitalised, grouped, listed, sentence } from "../text";

const mostLines = 5;
const mostNames = 3;

/** What belongs together in the incident. */
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

const words: Readonly<Record<ActiveRelation, string>> = {
  contacts: "contacts",
  drops: "drops",
  contains: "contains",
  executes: "executes",
  resolvesTo: "resolves to",
  servedBy: "is served by",
  redirectsTo: "redirects to",
};

/** Links between the report's indicators, a line for each that has some; in an update those that are new. */
export function linksView(report: RunReport): LinksView {
  const links = newLinksIn(report);
  const nameOf = namesIn(report);
  const lines = grouped(links, ({ from, relation }) => `${relation} ${indicatorKey(from)}`).map((same) => ({
    text: textOf(same, nameOf),
    count: same.length,
  }));
  const shown = lines.slice(0, mostLines);
  return { lines: shown, more: links.length - linksOn(shown) };
}

/** The view with so many lines less; what they say is counted. */
export function withFewerLinks({ lines, more }: LinksView, fewer: number): LinksView {
  const kept = lines.slice(0, lines.length - fewer);
  return { lines: kept, more: more + linksOn(lines) - linksOn(kept) };
}

const linksOn = (lines: readonly LinkLine[]) => lines.reduce((sum, { count }) => sum + count, 0);

function textOf(same: readonly [Link, ...Link[]], nameOf: (indicator: Indicator) => string): string {
  const [{ from, relation }] = same;
  const others = same.map(({ to }) => nameOf(to));
  return sentence(capitalised(`${nameOf(from)} ${words[relation]} ${listed(others, mostNames)}`));
}

/** By its name alone, where no other file has that. */
function namesIn({ items }: RunReport): (indicator: Indicator) => string {
  const titles = items.map(({ indicator }) => titleOf(indicator));
  const repeated = new Set(titles.filter((title, i) => titles.indexOf(title) !== i));
  return (indicator) => {
    const title = titleOf(indicator);
    return repeated.has(title) ? labelOf(indicator) : title;
  };
}
