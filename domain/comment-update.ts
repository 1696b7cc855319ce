import { isMissing } from "./gap";
import type { LookUp, ProviderShare, RunReport } from "./run-report";
import { summarize } from "./summary";
import { counted } from "./text";
import type { Verdict } from "./verdict";

interface Reopened {
  /** The report with only those look-ups that were open in the first comment. */
  readonly reopened: RunReport;
  /** By position of the indicators with such a look-up: what the first comment said of them. */
  readonly verdictBefore: ReadonlyMap<number, Verdict | "new">;
  /** What became of the open look-ups, as a sentence; also when nothing came. */
  readonly outcome: string;
}

/** What an update has to tell: the look-ups that the first comment called open. */
export function reopenedIn(report: RunReport): Reopened {
  const { before = report.providers } = report;
  const providers = report.providers.map((share) => reopenedShare(share, before));
  const reopened: RunReport = { ...report, providers, triage: { kind: "none" } };
  const first = summarize({ ...report, providers: before });
  const wasOpen = (index: number) => providers.some(({ lookUps }) => lookUps[index]?.kind !== "notAsked");
  const lookUps = providers.flatMap((share) => share.lookUps).filter(({ kind }) => kind !== "notAsked");
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
      ...outcomeText(lookUps.length, lookUps.filter(isMissing).length, added),
    ].join(" "),
  };
}

const elsewhere: LookUp = { kind: "notAsked" };

function reopenedShare(share: ProviderShare, before: readonly ProviderShare[]): ProviderShare {
  const then = before.find(({ id }) => id === share.id)?.lookUps ?? [];
  return {
    ...share,
    off: {},
    lookUps: share.lookUps.map((lookUp, index) => (then[index]?.kind === "open" ? lookUp : elsewhere)),
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
  const were = `${counted(open, "look-up")} ${open === 1 ? "was" : "were"} open in the first comment${since}`;
  if (missing === 0) return [`${were}: ${open === 1 ? "it has" : "all have"} been answered.`];
  if (missing === open) return [`${were}: ${open === 1 ? "it has not" : "none has"} been answered.`];
  return [`${were}: ${open - missing} answered, ${missing} not.`];
}
