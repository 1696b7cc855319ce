import { type Incident, mostAlerts, mostDefenderEntities } from "../incident/incident";
import type { IndicatorKind } from "../indicators/indicator";
import { kindNouns, labelOf } from "../indicators/label";
import { type ContextGap, type ContextPart, logsOf, type RunContext } from "../report/context";
import { isMissing } from "../report/gaps";
import type { Lookup, ReportItem, RunReport, TriageState } from "../report/report";
import { capitalised, cut, grouped, listed, sentence } from "../text";
import { instantText } from "../time";
import { orListed } from "./context";

const mostNotes = 10;
const mostNames = 3;
const maxReasonLength = 250;

/** What was not checked or is pending, one note per cause, and when a lookup will be possible. */
export interface Note {
  /** "Not checked", "Pending". */
  readonly title: string;
  /** Number of indicators; absent if the note is about something else. */
  readonly count?: number;
  /** Sentences. */
  readonly text: string;
}

type Missing = Extract<Lookup, { reason: string }> & { readonly provider: string; readonly item: ReportItem };

/** `said`: a reason that the headline already gives. */
export function notesOf(report: RunReport, said?: string): readonly Note[] {
  const missing = report.items.flatMap((item) =>
    report.providers.flatMap(({ id, title }): Missing[] => {
      const lookup = item.lookups[id];
      return lookup && isMissing(lookup) ? [{ ...lookup, provider: title, item }] : [];
    }),
  );
  const groups = grouped(missing, ({ provider, kind, reason }) =>
    JSON.stringify([provider, kind === "open", reason]),
  ).toSorted((a, b) => Number(isOpen(a[0])) - Number(isOpen(b[0])) || b.length - a.length);
  const more = groups.slice(mostNotes).reduce((sum, { length }) => sum + length, 0);
  return [
    ...groups.slice(0, mostNotes).map((same) => noteOf(report, same, said)),
    ...(more > 0
      ? [{ title: "Not checked", count: more, text: "Other indicators, for other reasons." }]
      : []),
    ...triageNotes(report.triage),
    ...contextNotes(report),
    ...watchlistNotes(report),
  ];
}

function noteOf({ part }: RunReport, same: readonly [Missing, ...Missing[]], said?: string): Note {
  const [{ kind, provider, reason }] = same;
  const names = same.map(({ item }) => labelOf(item.indicator));
  const times = same.flatMap((lookup) => (lookup.kind === "notChecked" ? (lookup.possibleAt ?? []) : []));
  return {
    title: kind === "open" ? "Pending" : "Not checked",
    count: same.length,
    text: [
      sentence(capitalised(listed(names, mostNames))),
      ...(reason === said ? [] : [reasonText(provider, reason)]),
      ...(times.length > 0 ? [`Lookups are possible again from ${instantText(Math.max(...times))}.`] : []),
      ...(kind === "open" && part === "first" ? ["The result will follow in another comment."] : []),
    ].join(" "),
  };
}

const isOpen = ({ kind }: Missing) => kind === "open";

/** Adds the provider's name if the reason does not contain it. */
function reasonText(provider: string, reason: string): string {
  const text = cut(reason, maxReasonLength);
  return sentence(reason.includes(provider) ? capitalised(text) : `${provider}: ${text}`);
}

function triageNotes(state: TriageState): readonly Note[] {
  if (state.kind === "pending")
    return [
      { title: "Pending", text: "Intezer's triage of the incident. It will follow in another comment." },
    ];
  if (state.kind === "taken" && state.isElsewhere)
    return [{ title: "Intezer's triage", text: "See the earlier comment of this incident." }];
  if (state.kind !== "failed") return [];
  return [
    {
      title: "Not submitted",
      text: `The incident could not be submitted to Intezer. ${sentence(capitalised(cut(state.reason, maxReasonLength)))}`,
    },
  ];
}

function watchlistNotes({ part, watchlistUnread }: RunReport): readonly Note[] {
  if (part !== "first" || !watchlistUnread) return [];
  const { alias, reason } = watchlistUnread;
  const text = `The watchlist ${alias} could not be read, so its indicators were looked up like any other.`;
  return [
    { title: "Allowed indicators", text: `${text} ${sentence(capitalised(cut(reason, maxReasonLength)))}` },
  ];
}

/** Which sightings and earlier incidents are missing, one note per cause. An update does not repeat them. */
function contextNotes({ part, context }: RunReport): readonly Note[] {
  if (part === "update" || !context) return [];
  const asked = [...Object.keys(context.logs), ...context.gaps.map((gap) => gap.part)];
  const kinds = new Set(asked.filter((each) => each !== "earlier"));
  return [
    ...grouped(context.gaps, ({ kind, reason }) => JSON.stringify([kind, reason])).map((same) => ({
      title: contextTitle(
        same.map((gap) => gap.part),
        kinds.size,
      ),
      text: gapText(same[0]),
    })),
    ...unlogged(context, kinds.size),
  ];
}

const gapTexts: Readonly<Record<ContextGap["kind"], string>> = {
  late: "Log Analytics did not answer in time",
  partial: "Log Analytics returned only part of the answer",
  refused: "not available",
  failed: "Log Analytics did not answer",
};

function gapText({ kind, reason }: ContextGap): string {
  return sentence(reason === undefined ? gapTexts[kind] : capitalised(cut(reason, maxReasonLength)));
}

/** "Sightings and earlier incidents", "Sightings of URLs". */
function contextTitle(parts: readonly ContextPart[], kindsAsked: number): string {
  const kinds = parts.filter((part): part is IndicatorKind => part !== "earlier");
  const isAll = kinds.length === kindsAsked;
  const of = isAll ? "" : ` of ${kinds.map((kind) => kindNouns[kind].many).join(", ")}`;
  const subjects = [
    ...(kinds.length > 0 ? [`sightings${of}`] : []),
    ...(parts.includes("earlier") ? ["earlier incidents"] : []),
  ];
  return capitalised(subjects.join(" and "));
}

/** Notes for kinds of indicator that none of the workspace's logs could show. */
function unlogged({ logs, days }: RunContext, kindsAsked: number): readonly Note[] {
  const kinds = Object.entries(logs).flatMap(([kind, present]) =>
    present.length === 0 ? [kind as IndicatorKind] : [],
  );
  if (kinds.length === 0) return [];
  const missing = [...new Set(kinds.flatMap((kind) => logsOf[kind]))];
  return [
    {
      title: contextTitle(kinds, kindsAsked),
      text: `The workspace has no logs of ${orListed(missing, "or")} from the last ${days} days.`,
    },
  ];
}

/** Notes if the incident may contain more than Sentinel shows, which the app then cannot look up. */
export function unseenNotes({ alertsCount = 0, fromDefender, entitiesCut }: Incident): readonly Note[] {
  if (alertsCount >= mostAlerts) {
    const where = fromDefender
      ? "See the incident in the Defender portal."
      : "Further alerts may be in another incident.";
    return [
      {
        title: "Possibly more",
        text: `Sentinel shows at most ${mostAlerts} alerts of an incident, and this incident has reached that limit: any further alerts were not looked up. ${where}`,
      },
    ];
  }
  return entitiesCut
    ? [
        {
          title: "Possibly more",
          text: `Sentinel may show only ${mostDefenderEntities} entities of an incident from Defender, and this incident has reached that limit: any further entities were not looked up. See the incident in the Defender portal.`,
        },
      ]
    : [];
}

/** The notes with at most this many causes; the others are counted. */
export function fewerNotes(notes: readonly Note[], most: number): readonly Note[] {
  const causes = notes.filter(({ count }) => count !== undefined);
  const others = causes.slice(most);
  const more = others.reduce((sum, { count = 0 }) => sum + count, 0);
  const [title = "", ...titles] = new Set(others.map((note) => note.title));
  return [
    ...causes.slice(0, most),
    ...(more > 0
      ? [
          {
            title: titles.length > 0 ? "Not checked or pending" : title,
            count: more,
            text: "Other indicators, for other reasons.",
          },
        ]
      : []),
    ...notes.filter(({ count }) => count === undefined),
  ];
}
