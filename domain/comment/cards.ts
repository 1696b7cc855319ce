import { labelOf } from "../indicators/label";
import { defined } from "../json";
import type { CardSection } from "../lookups/provider";
import type { Finding } from "../report/finding";
import type { ReportItem, RunReport } from "../report/report";
import type { CommentDetail } from "../run/settings";
import { capitalised } from "../text";
import { type Verdict, verdicts } from "../verdict";

/** Details of one indicator, from all providers that have some. */
export interface CardView {
  /** "File invoice.exe (275a021bbfb6…), malicious" */
  readonly title: string;
  readonly parts: readonly {
    readonly provider: string;
    /** The provider's report, unless the table links to it. */
    readonly link?: string;
    readonly sections: readonly CardSection[];
  }[];
}

interface Choice {
  readonly verdicts: readonly Verdict[];
  readonly most: number;
  /** Of clean indicators the table may name only the values. */
  readonly links: boolean;
}

const choices: Readonly<Record<CommentDetail, Choice>> = {
  worst: { verdicts: ["malicious", "suspicious"], most: 5, links: false },
  // More than fit: those that do not are taken away when the comment is printed.
  full: { verdicts, most: 100, links: true },
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
    .flatMap(({ item, verdict }) => {
      const parts = partsOf(report, item, choice);
      return parts.length > 0
        ? [{ title: `${capitalised(labelOf(item.indicator))}, ${verdict}`, parts }]
        : [];
    });
  return { cards: cards.slice(0, choice.most), moreCards: Math.max(0, cards.length - choice.most) };
}

function partsOf({ providers }: RunReport, { lookups }: ReportItem, { links }: Choice): CardView["parts"] {
  return providers.flatMap(({ id, title }) => {
    const lookup = lookups[id];
    if (lookup?.kind !== "answered" || !lookup.answer.card) return [];
    const { link, card } = lookup.answer;
    return [{ provider: title, ...defined({ link: links ? link : undefined }), sections: card.sections }];
  });
}
