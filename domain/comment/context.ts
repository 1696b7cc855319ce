import { labelOf } from "../indicators/label";
import {
  contextOf,
  type EarlierIncidents,
  type Ending,
  endings,
  type LogKind,
  logKinds,
  logNames,
  logsOf,
  type RunContext,
  type Sighting,
} from "../report/context";
import type { RunReport } from "../report/report";
import type { Finding } from "../report/summary";
import { capitalised, counted, grouped, listed } from "../text";
import { dayText } from "../time";
import { isBad } from "../verdict";

/** "3 devices", "2 clicks (1 blocked)", "5 clicks by 2 users". Blocked events are mentioned only if there are any. */
const texts: Readonly<Record<LogKind, (sighting: Sighting) => string>> = {
  devices: ({ entities }) => counted(entities, "device"),
  mail: ({ entities, reached }) =>
    counted(entities, "mailbox", "mailboxes") + partText(entities - reached, entities, "blocked"),
  clicks: ({ entities, events, blocked }) =>
    counted(events, "click") + usersText(entities, events) + partText(blocked, events, "blocked"),
  firewall: ({ events, blocked }) =>
    counted(events, "firewall connection") + partText(blocked, events, "blocked"),
  signIns: ({ entities, events, blocked }) =>
    counted(events, "sign-in") + usersText(entities, events) + partText(blocked, events, "failed"),
};

const seen = "Seen here: ";

/** Given only if some user did it more than once. */
const usersText = (users: number, events: number) => (users < events ? ` by ${counted(users, "user")}` : "");

function partText(part: number, all: number, what: string): string {
  if (part <= 0) return "";
  return part >= all ? ` (${all === 1 ? what : `all ${what}`})` : ` (${part} ${what})`;
}

/**
 * Where the workspace has seen an indicator, as a sentence. An unknown indicator gets one only for a click that was not
 * blocked or if several devices saw it; a clean one never.
 */
export function sightingText(report: RunReport, { item, verdict }: Finding): string | undefined {
  const { context } = report;
  const { sightings } = contextOf(report, item.indicator);
  if (!context || !sightings) return undefined;
  const isShown = isBad(verdict) || (verdict === "unknown" && sightings.some(isTellingSighting));
  if (!isShown) return undefined;
  const { kind } = item.indicator;
  if (sightings.length === 0)
    return `Not seen here in ${counted(context.days, "day")}${limitText(context, kind)}.`;
  const isPartial = context.gaps.some((gap) => gap.part === kind && gap.kind === "partial");
  return `${seen}${isPartial ? "at least " : ""}${seenText(sightings)}.`;
}

function isTellingSighting({ log, entities, events, blocked }: Sighting): boolean {
  return log === "clicks" ? blocked < events : log === "devices" && entities > 1;
}

function seenText(sightings: readonly Sighting[]): string {
  const inOrder = sightings.toSorted((a, b) => logKinds.indexOf(a.log) - logKinds.indexOf(b.log));
  const first = dayText(Math.min(...sightings.map((sighting) => sighting.first)));
  const last = dayText(Math.max(...sightings.map((sighting) => sighting.last)));
  const days = first === last ? `on ${first}` : `${first} to ${last}`;
  return [...inOrder.map((sighting) => texts[sighting.log](sighting)), days].join(", ");
}

/** Limits the sentence if the workspace lacks some of the logs that could show the indicator. */
function limitText({ logs }: RunContext, kind: keyof typeof logsOf): string {
  const present = logsOf[kind].filter((log) => logs[kind]?.includes(log));
  if (present.length === logsOf[kind].length) return "";
  return ` (only logs of ${orListed(present, "and")} are available)`;
}

export function orListed(logs: readonly LogKind[], word: "and" | "or"): string {
  const names = logs.map((log) => logNames[log]);
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} ${word} ${last}`;
}

/** The items without repetitions: a sighting that an item shares with the one before it becomes "as above". */
export function withoutRepeats<T extends { readonly facts: readonly string[] }>(
  items: readonly T[],
): readonly T[] {
  return items.map((item, i) => {
    const before = items[i - 1]?.facts ?? [];
    const facts = item.facts.map((fact) =>
      fact.startsWith(seen) && before.includes(fact) ? `${seen}as above.` : fact,
    );
    return { ...item, facts };
  });
}

const mostNames = 3;
const mostNumbers = 5;

const endingTexts: Readonly<Record<Ending, string>> = {
  truePositive: "closed as true positive",
  benignPositive: "closed as benign positive",
  falsePositive: "closed as false positive",
  undetermined: "closed as undetermined",
  closed: "closed without a classification",
  open: "open",
};

/**
 * Sentences about other incidents with the same indicators, worst indicators first; indicators with the same history
 * share a sentence.
 */
export function earlierTexts(report: RunReport, findings: readonly Finding[]): readonly string[] {
  const isPartial = report.context?.gaps.some(({ part, kind }) => part === "earlier" && kind === "partial");
  const shown = findings.flatMap((finding) => {
    const { earlier } = contextOf(report, finding.item.indicator);
    if (!earlier || !isTellingHistory(finding, earlier)) return [];
    const text = historyText(earlier, isPartial ? "at least " : "");
    return [{ label: labelOf(finding.item.indicator), text }];
  });
  return grouped(shown, ({ text }) => text).map((same) => {
    const labels = same.map(({ label }) => label);
    return `${capitalised(listed(labels, mostNames))}: ${same[0].text}.`;
  });
}

/** Harmless indicators are in many incidents: they are mentioned only if one of those was a true positive. */
function isTellingHistory({ verdict }: Finding, { endings }: EarlierIncidents): boolean {
  return verdict !== "clean" || endings.truePositive !== undefined;
}

function historyText({ count, since, endings: numbers }: EarlierIncidents, least: string): string {
  const incidents = `in ${least}${counted(count, "incident")} since ${dayText(since)}`;
  const ends = endings.flatMap((ending) => {
    const same = numbers[ending];
    return same
      ? [{ count: same.length, text: `${endingTexts[ending]} (${listed(same.map(String), mostNumbers)})` }]
      : [];
  });
  const [only, ...others] = ends;
  if (!only) return `common, ${incidents}`;
  return others.length === 0
    ? `also ${incidents}, ${only.text}`
    : `also ${incidents}: ${ends.map((end) => `${end.count} ${end.text}`).join(", ")}`;
}
