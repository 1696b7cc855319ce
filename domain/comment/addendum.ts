import type { Incident } from "../incident/incident";
import { defined } from "../json";
import { type Triage, verdictOfTriage } from "../report/triage";
import { isBad, type Verdict, verdicts } from "../verdict";
import { addendumFooter } from "./footer";
import { triageHeadline, verdictTitles } from "./headline";
import { resultOfMergedText } from "./merge-text";
import { triageView } from "./triage";
import { type CommentView, noFindings, type ViewOptions } from "./view";

interface AddendumOptions extends ViewOptions {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly incident?: Incident;
  /** Number of the incident that the triage is about, if that incident was merged into this one. */
  readonly about?: number;
  /** The verdict that the incident's tags show so far. */
  readonly before?: Verdict | undefined;
}

/** The comment for a triage that arrived too late for its run's comment. */
export function addendumView(triage: Triage, deliveryId: string, options: AddendumOptions): CommentView {
  const { version, lengthLimit, at, incident, about, before } = options;
  return {
    ...noFindings,
    headline: triageHeadline(triage),
    lead: [
      ...(about === undefined ? [] : [resultOfMergedText(about)]),
      ...(before === undefined ? [] : changeText(verdictOfTriage(triage), before)),
    ],
    notes: [],
    triage: triageView(triage),
    footer: addendumFooter(deliveryId, { version, at, ...defined({ number: incident?.number }) }),
    lengthLimit,
  };
}

/** A triage can raise the verdict of the incident, but never lower it. */
function changeText(verdict: Verdict, before: Verdict): readonly string[] {
  if (verdicts.indexOf(verdict) < verdicts.indexOf(before))
    return [
      `This changes the verdict of the incident from "${verdictTitles[before]}" to "${verdictTitles[verdict]}".`,
    ];
  return verdict === "clean" && isBad(before)
    ? [`The verdict of the incident remains "${verdictTitles[before]}".`]
    : [];
}
