import type { Answer } from "../lookups/provider";
import type { Lookup, ReportItem, RunReport } from "../report/report";
import { cut, withoutSubject } from "../text";
import { ageText, dayMs, dayText } from "../time";

/** What one provider says, as printed after an indicator: "VirusTotal 54 of 75 engines". */
export interface Figure {
  readonly provider: string;
  /** The provider's report. */
  readonly link?: string;
  readonly text: string;
}

const maxLength = 160;

/** An older assessment says little about today: engines have learned, hosts and IP addresses have changed hands. */
const staleAfterDays = 90;

/** What each queried provider says, in the order of the providers. */
export function figuresOf({ providers, at }: RunReport, { lookups }: ReportItem): readonly Figure[] {
  return providers.flatMap(({ id, title }) => {
    const lookup = lookups[id];
    const text = lookup && figureText(title, lookup, at);
    const link = lookup && linkOf(lookup);
    return text ? [{ provider: title, ...(link ? { link } : {}), text: cut(text, maxLength) }] : [];
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
