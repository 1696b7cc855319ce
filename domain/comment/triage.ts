import { defined } from "../json";
import type { Triage } from "../report/triage";
import { cut } from "../text";

const mostActions = 5;
const maxFactLength = 100;
const maxActionLength = 200;
const maxNoteLength = 2_000;

/** Intezer's judgement of the incident as a whole. */
export interface TriageView {
  readonly verdict: string;
  /** "high risk, Malware", "AgentTesla". */
  readonly facts: readonly string[];
  /** "isolate the device; reset the user's credentials" */
  readonly actions: string;
  readonly note?: string;
  readonly link?: string;
}

export function triageView(triage: Triage): TriageView {
  const { verdictTitle, riskLevel, riskCategory, family, note, link, recommendedActions } = triage;
  const actions = recommendedActions.map((action) => cut(action.replace(/\.$/, ""), maxActionLength));
  return {
    verdict: cut(verdictTitle, maxFactLength),
    facts: [riskLevel && `${riskLevel.toLowerCase()} risk`, riskCategory, family].flatMap((fact) =>
      fact ? [cut(fact, maxFactLength)] : [],
    ),
    actions: actionsText(actions),
    ...defined({ note: note && !repeats(note, triage) ? cut(note, maxNoteLength) : undefined, link }),
  };
}

function actionsText(actions: readonly string[]): string {
  const more = actions.length - mostActions;
  return actions.slice(0, mostActions).join("; ") + (more > 0 ? ` and ${more} more` : "");
}

/** Whether a note only repeats verdict, risk and family, as Intezer's often do: "Intezer verdict: Confirmed Threat." */
function repeats(note: string, { verdictTitle, riskLevel, riskCategory, family }: Triage): boolean {
  const said = [verdictTitle, riskLevel, riskCategory, family].flatMap((text) => (text ? [text] : []));
  const rest = said.reduce((left, text) => left.replaceAll(text, ""), note.slice(0, maxNoteLength));
  return rest.replace(/intezer|verdict|risk|category|level|malware|family|[^\p{L}\p{N}]/giu, "") === "";
}
