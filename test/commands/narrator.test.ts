import { expect, it } from "vitest";
import { createNarrator } from "../../commands/narrator";

const narrated = (lines: readonly string[], options = {}) => {
  const narrate = createNarrator(options);
  return lines.flatMap((line) => narrate("information", line) ?? []);
};
const stage = (name: string, more = "") =>
  `Reached a stage { instanceId: 'sentinel-1', stage: '${name}', done: 3, total: 9${more} }`;
const consulted = (provider: string, ...outcomes: readonly string[]) =>
  `Consulted a provider { incidentId: '1', provider: '${provider}', outcomes: [ ${outcomes.map((o) => `'${o}'`).join(", ")} ] }`;

it("says one sentence for each step of a run", () => {
  const lines = [
    "Started a run { instanceId: 'sentinel-1', run: 1, eventType: 'Create' }",
    "Read the incident { incidentId: '1', entities: 12, indicators: 1, leftOut: 3 }",
    stage("lookingUp"),
    "Submitted the incident to Intezer { incidentId: '1', run: 1, answer: 'submitted', alertId: 'a' }",
    consulted("virustotal", "answered", "notKnown", "answered"),
    consulted("intezer", "answered", "pending"),
    stage("waitingForIntezer"),
    stage("commenting", ", deliveryId: 'fc54'"),
    "Wrote the comment { incidentId: '1', run: 1, part: 'first', length: 10, answer: 'written' }",
    "Tagged the incident { incidentId: '1', tags: [ 'enriched', 'threat-found' ], answer: 'done' }",
    stage("completing"),
    "Wrote the comment { incidentId: '1', run: 1, part: 'update', length: 10, answer: 'written' }",
    stage("done"),
  ];
  expect(narrated(lines)).toEqual([
    "Read the incident: 12 entities, 1 indicator to look up.",
    "Submitted the whole incident to Intezer.",
    "VirusTotal: 2 answered, 1 without a record.",
    "Intezer: 1 answered, 1 still being analysed.",
    "Waiting for Intezer's triage of the incident.",
    "Intezer's triage of the incident arrived.",
    "Wrote the comment.",
    "Tagged the incident: enriched, threat-found.",
    "Still to look up: 6 of 9.",
    "Wrote the update comment.",
  ]);
});

it("does not say the same of a provider twice in a row", () => {
  expect(narrated(Array(3).fill(consulted("intezer", "pending")))).toHaveLength(1);
});

it("says that the incident was read again only when there is something new in it", () => {
  const read = (entities: number) =>
    `Read the incident { incidentId: '1', entities: ${entities}, indicators: ${entities}, leftOut: 0 }`;
  expect(narrated([read(0), read(0), read(1), read(1), read(2)])).toEqual([
    "Read the incident: it has no entities yet.",
    "Read the incident: 1 entity, 1 indicator to look up.",
    "Read the incident: 2 entities, 2 indicators to look up.",
  ]);
});

it("waits for Intezer's triage only when the incident was submitted", () => {
  expect(narrated([stage("waitingForIntezer"), stage("commenting")])).toEqual([]);
});

it("does not say that anything was written where nothing is", () => {
  const lines = [
    "Wrote the comment { incidentId: '1', run: 1, part: 'first', length: 10, answer: 'written' }",
    "Tagged the incident { incidentId: '1', tags: [ 'enriched' ], answer: 'done' }",
  ];
  expect(narrated(lines, { writesNothing: true })).toEqual(["The comment is ready."]);
});

it("passes warnings and errors on whole", () => {
  const narrate = createNarrator();
  expect(narrate("warning", "Something odd { a: 1 }")).toBe("Warning: Something odd { a: 1 }");
});
