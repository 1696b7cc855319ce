import { describe, expect, it } from "vitest";
import type { ListedIncident } from "../../../domain/incident/incident-store";
import { defined } from "../../../domain/json";
import { type MissingRun, type MissingRunRules, missingRunOf } from "../../../domain/run/missing-run";
import type { LastRun } from "../../../domain/run/task-hub";

const minuteMs = 60_000;
const now = Date.parse("2026-11-26T12:00:00Z");
export const ago = (minutes: number) => now - minutes * minuteMs;

export const incident: ListedIncident = {
  ref: { scope: "/workspace", incidentId: "0f1e2d3c-4b5a-4678-9a0b-c1d2e3f4a5b6" },
  number: 1001,
  severity: "Medium",
  status: "New",
  tags: [],
  commentsCount: 0,
  alertsCount: 1,
  createdAt: ago(120),
  changedAt: ago(20),
};
const rules: MissingRunRules = {
  mode: "known",
  severities: ["High", "Medium"],
  commentWhen: "indicators",
  now,
  changedAfter: ago(60),
  trustsComments: false,
  merged: new Set(),
  triggerMs: 15 * minuteMs,
};
const ran: LastRun = {
  verdict: "clean",
  isCommented: true,
  isIncomplete: false,
  state: "succeeded",
  endedAt: ago(90),
  indicators: 2,
  alerts: 1,
  hasTriage: false,
};
export const tagged = (...verdicts: readonly string[]) => ["enriched", ...verdicts];

export type Missing = Omit<MissingRun, "incident">;
export const nothing = undefined;

export interface Case {
  readonly title: string;
  readonly of?: Partial<ListedIncident>;
  readonly run?: { readonly [Field in keyof LastRun]?: LastRun[Field] | undefined };
  readonly by?: Partial<MissingRunRules>;
  readonly missing: Missing | undefined;
}

/** A test for each case of an incident. */
export function describeMissing(what: string, cases: readonly Case[]): void {
  describe(`The run that is missing of an incident ${what}`, () => {
    it.each(cases)("$title", ({ of, run, by, missing }) => {
      const listed = { ...incident, ...of };
      const lastRun = run && (defined({ ...ran, ...run }) as LastRun);
      const expected = missing && { ...missing, incident: listed };
      expect(missingRunOf(listed, lastRun, { ...rules, ...by })).toEqual(expected);
    });
  });
}
