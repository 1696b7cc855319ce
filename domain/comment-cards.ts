import type { Finding } from "./finding";
import { labelOf } from "./indicator-label";
import type { CardSection } from "./provider";
import type { RunReport } from "./run-report";
import { capitalised } from "./text";

export const mostCards = 5;

/** Details of one bad indicator, from all providers that have some. */
export interface CardView {
  readonly title: string;
  readonly parts: readonly { readonly provider: string; readonly sections: readonly CardSection[] }[];
}

/** A card for each malicious and suspicious indicator that a provider has details of, worst first. */
export function cardsFrom(report: RunReport, findings: readonly Finding[]): readonly CardView[] {
  return findings
    .filter(({ verdict }) => verdict === "malicious" || verdict === "suspicious")
    .flatMap(({ index }) => {
      const indicator = report.indicators[index];
      const parts = partsOf(report, index);
      return indicator && parts.length > 0 ? [{ title: capitalised(labelOf(indicator)), parts }] : [];
    });
}

function partsOf({ providers }: RunReport, index: number): CardView["parts"] {
  return providers.flatMap(({ title, lookUps }) => {
    const lookUp = lookUps[index];
    const sections = lookUp?.kind === "answered" ? (lookUp.answer.card?.sections ?? []) : [];
    return sections.length > 0 ? [{ provider: title, sections }] : [];
  });
}
