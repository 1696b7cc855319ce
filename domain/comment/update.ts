import { isMissing } from "../report/gaps";
import type { Lookup, ProviderShare, RunReport } from "../report/report";
import { summarize } from "../report/summary";
import { counted } from "../text";
import type { Verdict } from "../verdict";

interface Reopened {
  /** The report with only those lookups that were open in the first comment. */
  readonly reopened: RunReport;
  /** By position of the indicators with such a lookup: what the first comment said of them. */
  readonly verdictBefore: ReadonlyMap<number, Verdict | "new">;
  /** What became of the open lookups, as a sentence; also when nothing came. */
  readonly outcome: string;
}

/** What an update has to tell: the lookups that the first comment called open. */
export function reopenedIn(report: RunReport): Reopened {
  const { before = report.providers } = report;
  const providers = report.providers.map((share) => reopenedShare(share, before));
  const reopened: RunReport = { ...report, providers, triage: { kind: "none" } };
  const first = summarize({ ...report, providers: before });
  const wasOpen = (index: number) => providers.some(({ lookups }) => lookups[index]?.kind !== "notAsked");
  const lookups = providers.flatMap((share) => share.lookups).filter(({ kind }) => kind !== "notAsked");
  const { added = 0 } = report;
  const isAdded = (index: number) => index >= report.indicators.length - added;
  const told = first.findings.filter(({ index }) => wasOpen(index) || isAdded(index));
  return {
    reopened,
    verdictBefore: new Map(
      told.map(({ index, verdict }) => [index, isAdded(index) ? "new" : verdict] as const),
    ),
    outcome: [
      ...addedText(added),
      ...outcomeText(lookups.length, lookups.filter(isMissing).length, added),
    ].join(" "),
  };
}

const elsewhere: Lookup = { kind: "notAsked" };

function reopenedShare(share: ProviderShare, before: readonly ProviderShare[]): ProviderShare {
  const then = before.find(({ id }) => id === share.id)?.lookups ?? [];
  return {
    ...share,
    off: {},
    lookups: share.lookups.map((lookup, index) => (then[index]?.kind === "open" ? lookup : elsewhere)),
  };
}

function addedText(added: number): readonly string[] {
  if (added === 0) return [];
  return [
    `${counted(added, "indicator")} ${added === 1 ? "has" : "have"} come into the incident since the first comment.`,
  ];
}

function outcomeText(open: number, missing: number, added: number): readonly string[] {
  if (open === 0) return [];
  const since = added > 0 ? " or came since" : "";
  const were = `${counted(open, "lookup")} ${open === 1 ? "was" : "were"} open in the first comment${since}`;
  if (missing === 0) return [`${were}: ${open === 1 ? "it has" : "all have"} been answered.`];
  if (missing === open) return [`${were}: ${open === 1 ? "it has not" : "none has"} been answered.`];
  return [`${were}: ${open - missing} answered, ${missing} not.`];
}
