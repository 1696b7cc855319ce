import { labelOf } from "../indicators/label";
import type { CardSection } from "../lookups/provider";
import type { Finding } from "../report/finding";
import type { ReportItem, RunReport } from "../report/report";
import type { CommentDetail } from "../run/settings";
import { type Verdict, verdicts } from "../verdict";

/** Details of one indicator, from all providers that have some. */
export interface CardView {
  /** "file invoice.exe (275a021bbfb6…)" */
  readonly title: string;
  readonly parts: readonly {
    readonly provider: string;
    /** The provider's report, unless it is linked above. */
    readonly link?: string;
    /** The facts that tell most, a sentence or two each. */
    readonly brief: readonly string[];
    readonly sections: readonly CardSection[];
  }[];
}

interface Choice {
  readonly verdicts: readonly Verdict[];
  readonly most: number;
  /** Every field, and the link: equal answers may be named above without one. */
  readonly isFull: boolean;
}

const choices: Readonly<Record<CommentDetail, Choice>> = {
  worst: { verdicts: ["malicious", "suspicious"], most: 5, isFull: false },
  // More than fit: those that do not are taken away when the comment is printed.
  full: { verdicts, most: 100, isFull: true },
};

/** A card for each chosen indicator that a provider has details of, worst first, and how many more there are. */
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
      return parts.length > 0 ? [{ title: labelOf(item.indicator), parts }] : [];
    });
  return { cards: cards.slice(0, choice.most), moreCards: Math.max(0, cards.length - choice.most) };
}

function partsOf({ providers }: RunReport, { lookups }: ReportItem, { isFull }: Choice): CardView["parts"] {
  return providers.flatMap(({ id, title }) => {
    const lookup = lookups[id];
    if (lookup?.kind !== "answered" || !lookup.answer.card) return [];
    const { link, card } = lookup.answer;
    const { brief = [], sections } = card;
    const isBrief = !isFull && brief.length > 0;
    return [
      {
        provider: title,
        ...(isFull && link ? { link } : {}),
        brief: isBrief ? brief : [],
        sections: isBrief ? [] : sections,
      },
    ];
  });
}
