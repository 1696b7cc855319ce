import type { Indicator } from "../indicators/indicator";
import { labelOf, pluralLabelOf } from "../indicators/label";
import type { Answer } from "../lookups/provider";
import type { Lookup, ReportItem, RunReport } from "../report/report";
import { type Finding, weighedAnswers } from "../report/summary";
import { capitalised, cut, listed, sentence, withoutSubject } from "../text";
import { ageText, dayMs, dayText } from "../time";
import { sightingText } from "./context";

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

/** What one provider says, as printed after an indicator: "VirusTotal 54 of 75 engines". */
interface Figure {
  readonly provider: string;
  /** The provider's report. */
  readonly link?: string;
  readonly text: string;
}

const maxFigureLength = 160;

/** An older assessment says little about today: engines have learned, hosts and IP addresses have changed hands. */
const staleAfterDays = 90;

/** What each queried provider says, in the order of the providers. */
function figuresOf({ providers, at }: RunReport, { lookups }: ReportItem): readonly Figure[] {
  return providers.flatMap(({ id, title }) => {
    const lookup = lookups[id];
    const text = lookup && figureText(title, lookup, at);
    const link = lookup && linkOf(lookup);
    return text ? [{ provider: title, ...(link ? { link } : {}), text: cut(text, maxFigureLength) }] : [];
  });
}

const textWithoutAnswer: Readonly<Partial<Record<Lookup["kind"], string>>> = {
  open: "pending",
  notChecked: "not checked",
  failed: "not checked",
  notAnswered: "not checked",
};

function figureText(title: string, lookup: Lookup, at: number): string | undefined {
  if (lookup.kind === "answered") return answerText(lookup.answer, at);
  if (lookup.kind === "notKnown") return withoutSubject(lookup.reason, title);
  return textWithoutAnswer[lookup.kind];
}

function answerText({ summary, assessedAt }: Answer, at: number): string {
  if (assessedAt === undefined || !(at - assessedAt > staleAfterDays * dayMs)) return summary;
  return `${summary} (${dayText(assessedAt)}, ${ageText(assessedAt, at)})`;
}

function linkOf(lookup: Lookup): string | undefined {
  if (lookup.kind === "answered") return lookup.answer.link;
  return lookup.kind === "notKnown" ? lookup.link : undefined;
}

const maxFactLength = 160;
const mostFacts = 2;

/** Sentences: the one or two most important facts besides the figures, and anything special about the indicator itself. */
export function factsOf(report: RunReport, item: ReportItem): readonly string[] {
  const answers = weighedAnswers(report, item).map(({ answer }) => answer);
  // The first reason says the figure in words.
  const reasons = answers.flatMap((answer) => answer.reasons.slice(1));
  const contexts = answers.flatMap(({ context }) => context ?? []);
  // One reason and one context, if there are both: a provider's reasons must not crowd out what the indicator is.
  const chosen = [...reasons.slice(0, 1), ...contexts, ...reasons.slice(1)].slice(0, mostFacts);
  return [...new Set([...chosen, ...aboutFragment(report, item), ...aboutIndicator(item)].map(asSentence))];
}

/** The fragment can decide which page opens: names the providers whose answers are about the URL without it. */
function aboutFragment(
  { providers }: RunReport,
  { indicator: { fragment, fragmentWithheld }, lookups }: ReportItem,
): readonly string[] {
  if (fragmentWithheld) return ["The part after # was not looked up"];
  if (fragment === undefined) return [];
  const without = providers.filter(
    ({ id, readsFragments }) => !readsFragments && ["answered", "notKnown"].includes(lookups[id]?.kind ?? ""),
  );
  const titles = without.map(({ title }) => title);
  return titles.length > 0 ? [`The part after # was not looked up in ${titles.join(", ")}`] : [];
}

function aboutIndicator({ indicator: { byFingerprint, safeLink } }: ReportItem): readonly string[] {
  return [
    ...(byFingerprint ? ["Private: only the fingerprint (SHA-256) was sent"] : []),
    ...(safeLink === undefined ? [] : [`From the Safe Link ${safeLink}`]),
  ];
}

const asSentence = (fact: string) => sentence(capitalised(cut(fact, maxFactLength)));

/** A sentence if the providers disagree about the indicator. */
function disagreementIn(report: RunReport, { item, disputed }: Finding): string | undefined {
  const answers = weighedAnswers(report, item);
  if (disputed) {
    const clearing = answers.filter(({ verdict }) => verdict === "clean").map(({ provider }) => provider);
    return `${listed(clearing, 3)} ${clearing.length === 1 ? "disagrees and calls" : "disagree and call"} it clean.`;
  }
  const outweighed = answers.find(({ answer, verdict }) => answer.verdict !== verdict);
  const trusting = answers.find(({ answer }) => answer.trusted);
  if (!outweighed || !trusting) return undefined;
  return `${trusting.provider} lists it as known good, which outweighs ${outweighed.provider}.`;
}
