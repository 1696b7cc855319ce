import { labelOf } from "../indicators/label";
import { isMissing } from "../report/gaps";
import type { Lookup, ReportItem, RunReport, TriageState } from "../report/report";
import { capitalised, counted, cut, grouped, listed, sentence } from "../text";
import { instantText } from "../time";

const mostNotes = 10;
const mostNames = 3;
const maxReasonLength = 250;

/** What is not checked or pending, one line for each cause, and when it will be possible. */
export interface Note {
  /** "Not checked (3)", "Pending (1)". */
  readonly title: string;
  readonly text: string;
}

type Missing = Extract<Lookup, { reason: string }> & { readonly provider: string; readonly item: ReportItem };

export function notesOf(report: RunReport): readonly Note[] {
  const missing = report.items.flatMap((item) =>
    report.providers.flatMap(({ id, title }): Missing[] => {
      const lookup = item.lookups[id];
      return lookup && isMissing(lookup) ? [{ ...lookup, provider: title, item }] : [];
    }),
  );
  const groups = grouped(missing, ({ provider, kind, reason }) => JSON.stringify([provider, kind, reason]));
  const notes = groups.toSorted((a, b) => b.length - a.length).map((same) => noteOf(report, same));
  const more = groups.slice(mostNotes).reduce((sum, { length }) => sum + length, 0);
  return [
    ...notes.slice(0, mostNotes),
    ...(more > 0 ? [{ title: `Not checked for other reasons (${more})`, text: "" }] : []),
    ...triageNotes(report.triage),
  ];
}

function noteOf({ part }: RunReport, same: readonly [Missing, ...Missing[]]): Note {
  const [{ kind, provider, reason }] = same;
  const names = listed(
    same.map(({ item }) => labelOf(item.indicator)),
    mostNames,
  );
  const times = same.flatMap((lookup) => (lookup.kind === "notChecked" ? (lookup.possibleAt ?? []) : []));
  const when = times.length > 0 ? ` Possible again from ${instantText(Math.max(...times))}.` : "";
  const follows = kind === "open" && part === "first" ? " The result will follow in another comment." : "";
  const why = sentence(capitalised(cut(reason, maxReasonLength)));
  const by = reason.startsWith(provider) ? "" : `${provider}: `;
  return {
    title: `${kind === "open" ? "Pending" : "Not checked"} (${same.length})`,
    text: `${names}. ${by}${by ? lowerCased(why) : why}${when}${follows}`,
  };
}

const lowerCased = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function triageNotes(state: TriageState): readonly Note[] {
  const note = (title: string, text: string): readonly Note[] => [{ title, text }];
  if (state.kind === "pending")
    return note("Pending", "Intezer's triage of the incident. It will follow in another comment.");
  if (state.kind === "taken" && state.isElsewhere)
    return note("Intezer's triage", "See the earlier comment of this incident.");
  if (state.kind !== "failed") return [];
  const reason = sentence(capitalised(cut(state.reason, maxReasonLength)));
  return note("Not submitted", `The incident could not be submitted to Intezer. ${reason}`);
}

/** "2 more notes". */
export const moreNotes = (count: number): Note => ({ title: "And", text: `${counted(count, "more note")}.` });
