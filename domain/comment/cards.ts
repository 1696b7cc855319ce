import type { Indicator } from "../indicators/indicator";
import { titleOf } from "../indicators/label";
import { defined } from "../json";
import type { CardSection } from "../lookups/provider";
import type { ReportItem, RunReport } from "../report/report";
import type { Finding } from "../report/summary";
import type { CommentDetail } from "../run/settings";
import { dayText } from "../time";
import { type Verdict, verdicts } from "../verdict";

/** Details of one indicator from all providers that have any. */
export interface CardView {
  /** "file invoice.exe" */
  readonly title: string;
  readonly parts: readonly CardPart[];
  /** All known hashes of a file, in full: "SHA-256 275a…". */
  readonly hashes: readonly string[];
}

interface CardPart {
  readonly provider: string;
  /** The provider's report, unless the list above already links to it. */
  readonly link?: string;
  /** "analysed 2026-11-25" */
  readonly analysed?: string;
  /** The most important facts, as lines of sentences; empty where `sections` are shown instead. */
  readonly brief: readonly string[];
  readonly sections: readonly CardSection[];
}

interface Choice {
  readonly verdicts: readonly Verdict[];
  readonly most: number;
  /** Show every field, and the link: in the list above, equal answers are grouped and have no link. */
  readonly isFull: boolean;
}

const choices: Readonly<Record<CommentDetail, Choice>> = {
  worst: { verdicts: ["malicious", "suspicious"], most: 5, isFull: false },
  // More than fit: `shrinkToFit` removes those that do not.
  full: { verdicts, most: 100, isFull: true },
};

/** A card for each chosen indicator that a provider has details about, worst first, and how many more there are. */
export function cardsFrom(
  report: RunReport,
  findings: readonly Finding[],
  detail: CommentDetail,
): { readonly cards: readonly CardView[]; readonly moreCards: number } {
  const choice = choices[detail];
  const cards = findings
    .filter(({ verdict }) => choice.verdicts.includes(verdict))
    .flatMap(({ item }) => {
      const parts = partsOf(report, item, choice);
      const { indicator } = item;
      return parts.length > 0 ? [{ title: titleOf(indicator), parts, hashes: hashesOf(indicator) }] : [];
    });
  return { cards: cards.slice(0, choice.most), moreCards: Math.max(0, cards.length - choice.most) };
}

function partsOf({ providers }: RunReport, { lookups }: ReportItem, { isFull }: Choice): readonly CardPart[] {
  return providers.flatMap(({ id, title }) => {
    const lookup = lookups[id];
    if (lookup?.kind !== "answered" || !lookup.answer.card) return [];
    const { link, card, assessedAt } = lookup.answer;
    const { brief = [], sections } = card;
    const isBrief = !isFull && brief.length > 0;
    return [
      {
        provider: title,
        ...defined({
          link: isFull ? link : undefined,
          analysed: isBrief && assessedAt !== undefined ? `analysed ${dayText(assessedAt)}` : undefined,
        }),
        brief: isBrief ? brief : [],
        sections: isBrief ? [] : sections,
      },
    ];
  });
}

/** Each on its own line, for copying. */
function hashesOf({ hashes: { md5, sha1, sha256 } = {} }: Indicator): readonly string[] {
  return Object.entries({ MD5: md5, "SHA-1": sha1, "SHA-256": sha256 }).flatMap(([name, hash]) =>
    hash ? [`${name} ${hash}`] : [],
  );
}
