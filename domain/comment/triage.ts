import { defined } from "../json";
import type { Triage } from "../report/triage";
import { cut } from "../text";
import { instantText } from "../time";

const mostActions = 10;
const maxFactLength = 100;
const maxActionLength = 200;
const maxNoteLength = 2_000;

/** Intezer's judgement of the incident as a whole. */
export interface TriageView {
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly actions: readonly string[];
  readonly note?: string;
  readonly link?: string;
}

export function triageView(triage: Triage): TriageView {
  const { verdictTitle, riskLevel, riskCategory, family, updatedAt, note, link } = triage;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Verdict", verdictTitle],
    ["Risk", [riskLevel, riskCategory].filter(Boolean).join(", ")],
    ["Family", family],
    ["Updated", updatedAt === undefined ? undefined : instantText(updatedAt)],
  ];
  return {
    facts: facts.flatMap(([label, value]) => (value ? [[label, cut(value, maxFactLength)] as const] : [])),
    actions: triage.recommendedActions.slice(0, mostActions).map((action) => cut(action, maxActionLength)),
    ...defined({ note: note && cut(note, maxNoteLength), link }),
  };
}
