import { labelOf, pluralLabelOf } from "../indicators/label";
import type { Answer, Outcome } from "../lookups/provider";
import { type Finding, weighedAnswers } from "../report/finding";
import type { Lookup, ReportItem, RunReport } from "../report/report";
import { capitalised, cut, listed, sentence } from "../text";
import { ageText, dayMs, instantText } from "../time";

/** What one provider says, as it stands behind an indicator: "VirusTotal 54 of 75 engines". */
export interface Figure {
  readonly provider: string;
  /** The provider's report. */
  readonly link?: string;
  readonly text: string;
}

const maxFigureLength = 160;
const maxFactLength = 160;
const mostFacts = 2;

/** After that, an assessment says little of today: engines have learned, hosts and addresses have changed hands. */
const staleAfterDays = 90;

/** The figures of all providers that have answered, and of those that know nothing where another one does. */
export function figuresOf({ providers, at }: RunReport, { lookups }: ReportItem): readonly Figure[] {
  return providers.flatMap(({ id, title }) => {
    const lookup = lookups[id];
    const text = lookup && figureText(title, lookup, at);
    return text ? [{ provider: title, ...linkOf(lookup), text: cut(text, maxFigureLength) }] : [];
  });
}

const otherTexts: Readonly<Partial<Record<Lookup["kind"], string>>> = {
  open: "pending",
  notChecked: "not checked",
  failed: "no usable answer",
  notAnswered: "no answer in time",
};

function figureText(title: string, lookup: Lookup, at: number): string | undefined {
  if (lookup.kind === "answered") return answerText(lookup.answer, at);
  if (lookup.kind === "notKnown") return withoutSubject(lookup.reason, title);
  return otherTexts[lookup.kind];
}

function answerText({ summary, assessedAt }: Answer, at: number): string {
  if (assessedAt === undefined || at - assessedAt <= staleAfterDays * dayMs) return summary;
  return `${summary} (${instantText(assessedAt)}, ${ageText(assessedAt, at)})`;
}

function linkOf(lookup: Lookup): { readonly link?: string } {
  const link = lookup.kind === "answered" ? lookup.answer.link : (lookup as Outcome & { link?: string }).link;
  return link ? { link } : {};
}

/** "has no record" of "VirusTotal has no record", for a place that names VirusTotal itself. */
function withoutSubject(text: string, subject: string): string {
  return text.startsWith(`${subject} `) ? text.slice(subject.length + 1) : text;
}

/** The one or two facts that tell most: reasons beyond the figure first, then context. Sentences. */
export function factsOf(report: RunReport, item: ReportItem): readonly string[] {
  const answers = weighedAnswers(report, item);
  // The first reason says the figure as a sentence.
  const reasons = answers.flatMap(({ answer }) => answer.reasons.slice(1, 2));
  const contexts = answers.flatMap(({ answer }) => answer.context ?? []);
  const { safeLink } = item.indicator;
  const origin = safeLink === undefined ? [] : [`from the Safe Link ${safeLink}`];
  return [...new Set([...reasons, ...contexts].slice(0, mostFacts).concat(origin))].map((fact) =>
    sentence(capitalised(cut(fact, maxFactLength))),
  );
}

/** That the providers disagree, as a sentence. */
export function disagreementIn(report: RunReport, { item, disputed }: Finding): string | undefined {
  const answers = weighedAnswers(report, item);
  if (disputed) {
    const clearing = answers.filter(({ verdict }) => verdict === "clean").map(({ provider }) => provider);
    return `${listed(clearing, 3)} ${clearing.length === 1 ? "calls" : "call"} it clean.`;
  }
  const outweighed = answers.find(({ answer, verdict }) => answer.verdict !== verdict);
  const trusting = answers.find(({ answer }) => answer.trusted);
  if (!outweighed || !trusting) return undefined;
  return `${trusting.provider} knows it as good, which outweighs ${outweighed.provider}.`;
}

/** Findings that are said alike, with their names: equal answers are said once. */
export interface Entry {
  /** "file invoice.exe (275a021bbfb6…)", or for several "39 IP addresses". */
  readonly subject: string;
  /** Of several: their values. */
  readonly values: readonly string[];
  /** Values that are only counted. */
  readonly more: number;
  readonly figures: readonly Figure[];
  readonly facts: readonly string[];
}

/** "39 IP addresses (93[.]184[.]216[.]1, 93[.]184[.]216[.]2 and 37 more)"; the values are cut only by the count. */
export function subjectOf({ subject, values, more }: Entry): string {
  if (values.length === 0) return subject;
  return `${subject} (${values.join(", ")}${more > 0 ? ` and ${more} more` : ""})`;
}

const mostValues = 10;

/** One entry for each way in which findings of one kind were answered, in the findings' order. */
export function entriesOf(report: RunReport, findings: readonly Finding[]): readonly Entry[] {
  const groups = new Map<string, { readonly entry: Entry; readonly items: ReportItem[] }>();
  for (const finding of findings) {
    const { item } = finding;
    const figures = figuresOf(report, item);
    const disagreement = disagreementIn(report, finding);
    const facts = [...factsOf(report, item), ...(disagreement ? [disagreement] : [])];
    const said = figures.map(({ provider, text }) => [provider, text]);
    const key = JSON.stringify([item.indicator.kind, said, facts]);
    const group = groups.get(key);
    if (group) group.items.push(item);
    else
      groups.set(key, {
        entry: { subject: labelOf(item.indicator), values: [], more: 0, figures, facts },
        items: [item],
      });
  }
  return [...groups.values()].map(({ entry, items }) => (items.length === 1 ? entry : joined(entry, items)));
}

function joined({ figures, ...entry }: Entry, items: readonly ReportItem[]): Entry {
  const indicators = items.map(({ indicator }) => indicator);
  const { subject, values } = pluralLabelOf(indicators);
  return {
    ...entry,
    subject,
    values: values.slice(0, mostValues),
    more: Math.max(0, values.length - mostValues),
    // A report is of one indicator.
    figures: figures.map(({ provider, text }) => ({ provider, text })),
  };
}
