import { expect, it } from "vitest";
import { type MissingRun, mostUrgentFirst, withFewGuesses } from "../../../domain/run/missing-run";
import { incident } from "./missing-run-setup";

const first = { cause: "not enriched", eventType: "Create" } as const;
const late = { cause: "no indicator was there yet", eventType: "Update", needsIndicator: true } as const;

it("comes by severity, then by age", () => {
  const missing = [
    { number: 1, severity: "Low", createdAt: 1 },
    { number: 2, severity: "High", createdAt: 3 },
    { number: 3, severity: "Odd", createdAt: 0 },
    { number: 4, severity: "High", createdAt: 2 },
  ].map((each): MissingRun => ({ ...first, incident: { ...incident, ...each } }));
  expect(mostUrgentFirst(missing).map((each) => each.incident.number)).toEqual([4, 2, 1, 3]);
});

it.each([
  { turn: 0, numbers: [0, 1, 2, 3, 9] },
  { turn: 1, numbers: [0, 4, 5, 6, 9] },
  { turn: 2, numbers: [0, 1, 2, 7, 9] },
])("holds few guesses at a time, in turns: $numbers in turn $turn", ({ turn, numbers }) => {
  const of = (number: number, more: Partial<MissingRun> = {}): MissingRun => ({
    ...late,
    ...more,
    incident: { ...incident, number },
  });
  const missing = [of(0), ...[1, 2, 3, 4, 5, 6, 7].map((n) => of(n, { isGuess: true })), of(9)];
  const few = withFewGuesses(missing, { most: 3, turn });
  expect(few.map((each) => each.incident.number)).toEqual(numbers);
  expect(withFewGuesses(missing.slice(0, 3), { most: 3, turn })).toEqual(missing.slice(0, 3));
});
