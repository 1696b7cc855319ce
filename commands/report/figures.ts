import { grouped } from "../../domain/text";
import { type ClosedIncident, type Flags, type Result, resultOf } from "./closed-incident";

/** How our verdicts on some incidents compare with their closings. */
export interface Figures {
  readonly closed: number;
  readonly hits: readonly ClosedIncident[];
  readonly falseAlarms: readonly ClosedIncident[];
  readonly missed: readonly ClosedIncident[];
  readonly expected: readonly ClosedIncident[];
  readonly agreed: readonly ClosedIncident[];
  readonly notJudged: readonly ClosedIncident[];
  /** Hits among hits and false alarms, 0 to 1; absent when there are neither. */
  readonly precision?: number;
  /** Hits among hits and missed, 0 to 1; absent when there are neither. */
  readonly recall?: number;
}

export interface RuleFigures {
  readonly rule: string;
  readonly figures: Figures;
}

export function figuresOf(incidents: readonly ClosedIncident[], flags: Flags): Figures {
  const having = (result: Result) =>
    incidents.filter(({ verdict, classification }) => resultOf(verdict, classification, flags) === result);
  const [hits, falseAlarms, missed] = [having("hit"), having("falseAlarm"), having("missed")];
  return {
    closed: incidents.length,
    hits,
    falseAlarms,
    missed,
    expected: having("expected"),
    agreed: having("agreed"),
    notJudged: having("notJudged"),
    ...shareOf("precision", hits, falseAlarms),
    ...shareOf("recall", hits, missed),
  };
}

function shareOf(name: "precision" | "recall", part: readonly unknown[], others: readonly unknown[]) {
  const all = part.length + others.length;
  return all > 0 ? { [name]: part.length / all } : {};
}

/** Of each analytics rule, the ones with most errors first. An incident of two rules counts for both. */
export function figuresByRule(incidents: readonly ClosedIncident[], flags: Flags): readonly RuleFigures[] {
  const ruled = incidents.flatMap((incident) => incident.rules.map((rule) => ({ rule, incident })));
  const errors = ({ figures }: RuleFigures) => figures.falseAlarms.length + figures.missed.length;
  return grouped(ruled, ({ rule }) => rule)
    .map((group) => ({
      rule: group[0].rule,
      figures: figuresOf(
        group.map(({ incident }) => incident),
        flags,
      ),
    }))
    .toSorted((a, b) => errors(b) - errors(a) || b.figures.closed - a.figures.closed);
}
