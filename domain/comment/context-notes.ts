import type { IndicatorKind } from "../indicators/indicator";
import { kindNouns } from "../indicators/label";
import { type ContextGap, type ContextPart, logsOf, type RunContext } from "../report/context";
import type { RunReport } from "../report/report";
import { capitalised, cut, grouped, sentence } from "../text";
import type { Note } from "./notes";
import { orListed } from "./sightings";

const maxReasonLength = 250;

/** Which sightings and earlier incidents are missing, one note per cause. An update does not repeat them. */
export function contextNotes({ part, context }: RunReport): readonly Note[] {
  if (part === "update" || !context) return [];
  const asked = [...Object.keys(context.logs), ...context.gaps.map((gap) => gap.part)];
  const kinds = new Set(asked.filter((each) => each !== "earlier"));
  return [
    ...grouped(context.gaps, ({ kind, reason }) => JSON.stringify([kind, reason])).map((same) => ({
      title: titleOf(
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
function titleOf(parts: readonly ContextPart[], kindsAsked: number): string {
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
      title: titleOf(kinds, kindsAsked),
      text: `The workspace has no logs of ${orListed(missing, "or")} from the last ${days} days.`,
    },
  ];
}
