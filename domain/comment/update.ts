import { isMissing } from "../report/gaps";
import type { Lookup, Lookups, ReportItem, RunReport } from "../report/report";
import { counted } from "../text";

interface Reopened {
  /** The report with only the lookups that the first comment called open, and the indicators added since. */
  readonly reopened: RunReport;
  /** A sentence about what became of the open lookups, even if none were answered. */
  readonly outcome: string;
}

/** What an update is about: the lookups that the first comment called open, and the indicators added since. */
export function reopenedIn(report: RunReport): Reopened {
  const items = report.items.map(reopenedItem).filter(({ before, lookups }) => {
    return before === undefined || Object.keys(lookups).length > 0;
  });
  const lookups = items.flatMap((item) => Object.values(item.lookups)).filter(({ kind }) => kind !== "off");
  const added = items.filter(({ before }) => before === undefined).length;
  return {
    reopened: { ...report, items, triage: { kind: "none" } },
    outcome: [
      ...addedText(added),
      ...outcomeText(lookups.length, lookups.filter(isMissing).length, added),
    ].join(" "),
  };
}

/** Whether an update covers the item, because it was open or was added since. */
export function isReopened({ before }: ReportItem): boolean {
  return before === undefined || Object.values(before).some(isOpen);
}

const isOpen = ({ kind }: Lookup) => kind === "open";

function reopenedItem({ before, ...item }: ReportItem): ReportItem {
  if (!before) return item;
  const open = Object.entries(item.lookups).filter(([id]) => before[id]?.kind === "open");
  const lookups: Lookups = Object.fromEntries(open);
  return { ...item, lookups, before };
}

function addedText(added: number): readonly string[] {
  if (added === 0) return [];
  return [
    `${counted(added, "indicator")} ${added === 1 ? "has" : "have"} been added to the incident since the first comment.`,
  ];
}

function outcomeText(open: number, missing: number, added: number): readonly string[] {
  if (open === 0) return [];
  const since = added > 0 ? " and new" : "";
  const subject = `The ${open === 1 ? "" : `${open} `}open${since} ${open === 1 ? "lookup" : "lookups"}`;
  if (missing === 0) return [`${subject} ${open === 1 ? "has" : "have"} been answered.`];
  if (missing === open) return [`${subject} ${open === 1 ? "has" : "have"} not been answered.`];
  const come = open - missing;
  return [`${come} of the ${open} open${since} lookups ${come === 1 ? "has" : "have"} been answered.`];
}
