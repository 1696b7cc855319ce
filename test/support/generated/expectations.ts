import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { type Indicator, indicatorKey } from "../../../domain/indicators/indicator";
import type { Lookup, RunReport } from "../../../domain/report/report";
import { type Summary, summarize } from "../../../domain/report/summary";
import { replaceTags, tagsFor } from "../../../domain/report/tags";
import { answerOf, type Played, type Turn } from "./play";
import type { Script } from "./script";
import { type Comment, deliveryId, lookupKey, type Step, type World } from "./world";

export function expectNothingOpen({ open }: Played): void {
  expect(open).toEqual([]);
}

/** The run has ended as it had to. */
function expectRightEnd({ world, run }: Played): void {
  const isRefused = (step: Step) => world.last.get(step) === "refused";
  const isHopeless =
    isRefused("fetchIncident") ||
    isRefused("postComment") ||
    (isRefused("tagRun") && world.last.get("postComment") === undefined);
  expect([run.runtimeStatus, run.output]).toEqual([isHopeless ? "Failed" : "Completed", run.output]);
}

/** The run ends, with the comments and tags that the outcomes call for: no answer is lost and none is invented. */
export function expectRightComments(played: Played, script: Script): void {
  expectRightEnd(played);
  const { world, run, deliveries, turns } = played;
  const [first, update] = [world.comments.get("first"), world.comments.get("update")];
  expectAnswersReported(world);
  if (first) expectContext(first.report, script);
  if (first && update) expectKept(first.report, update.report);
  const last = (update ?? first)?.report;
  if (run.runtimeStatus !== "Completed") return;
  expect(world.sentParts).toContain("first");
  if (update) expect(world.sentParts).toContain("update");

  const { verdict, notChecked } = run.output;
  const isBad = verdict === "malicious" || verdict === "suspicious" || notChecked > 0;
  const isDue = {
    always: true,
    indicators: run.output.indicators > 0 || run.output.deliveryId !== undefined,
    findings: isBad,
  }[script.settings.commentWhen];
  if (isDue) expect(last).toBeDefined();
  if (!last) return;
  const summary = summarize(last);
  expect(run.output).toMatchObject({ verdict: summary.verdict, ...summary.counts });
  const runs = turns.filter(({ instanceId, isFirst }) => isFirst && instanceId === run.instanceId);
  if (world.last.get("tagRun") === "worked" && deliveries.length === 0)
    expectRightTags(world.tags, summary, runs.length > 1);
  if (!first) return;
  const isOpen = lookupsOf(first.report).some(({ lookup }) => lookup.kind === "open");
  const added = last.items.length - first.report.items.length;
  const missed = script.kinds.length + script.added.length - last.items.length;
  if (world.last.get("fetchAgain") === "worked") expect(missed).toBe(0);
  expect(update !== undefined).toBe(isOpen || added > 0);
}

/** A run again that could not check everything leaves a threat that the run before it has found. */
function expectRightTags(tags: readonly string[], summary: Summary, isAgain: boolean): void {
  const wanted = tagsFor(summary);
  if (!isAgain) expect(tags).toEqual(wanted);
  else expect([wanted, replaceTags(tags, wanted, "update")]).toContainEqual(tags);
}

/** Of each indicator that was there at the start it is said where it was seen, or why that is not known. */
function expectContext({ context, items }: RunReport, { kinds, settings: { sightings } }: Script): void {
  const early = items.slice(0, kinds.length).map(({ indicator }) => indicator);
  if (!sightings) expect(context).toBeUndefined();
  else if (early.length > 0) expect(context).toBeDefined();
  if (!context) return;
  const missing = new Set(context.gaps.map(({ part }) => part));
  const wrong = early.filter((each) => {
    const known = context.indicators[indicatorKey(each)]?.sightings;
    return missing.has(each.kind) === (known !== undefined);
  });
  expect(wrong).toEqual([]);
}

interface ReportedLookup {
  readonly providerId: string;
  readonly indicator: Indicator;
  readonly lookup: Lookup;
}

function lookupsOf({ items }: RunReport): readonly ReportedLookup[] {
  return items.flatMap(({ indicator, lookups }) =>
    Object.entries(lookups).map(([providerId, lookup]) => ({ providerId, indicator, lookup })),
  );
}

const unanswered: readonly Lookup["kind"][] = ["open", "notChecked", "failed", "notAnswered"];

/** What a provider said last about an indicator is what the analyst reads, and nothing else. */
export function expectAnswersReported({ comments }: World): void {
  for (const comment of comments.values()) expectAnswersIn(comment);
}

function expectAnswersIn({ report, given }: Comment): void {
  const wrong = lookupsOf(report).filter(({ providerId, indicator, lookup }) => {
    const last = given.get(lookupKey(providerId, indicator));
    if (report.part === "update" && lookup.kind === "open") return true;
    return last?.kind === "final"
      ? !isDeepStrictEqual(lookup, last.outcome)
      : !unanswered.includes(lookup.kind);
  });
  if (wrong.length > 0) expect([wrong, [...given]]).toEqual([[], "what was said"]);
}

function expectKept(first: RunReport, update: RunReport): void {
  const later = new Map(lookupsOf(update).map((reported) => [keyOf(reported), reported.lookup]));
  const settled = lookupsOf(first).filter(({ lookup }) => lookup.kind !== "open");
  expect(settled.map((reported) => later.get(keyOf(reported)))).toEqual(settled.map(({ lookup }) => lookup));
}

const keyOf = ({ providerId, indicator }: ReportedLookup) => lookupKey(providerId, indicator);

/** Alerts are not lost: the incident is read once more after they came, by whatever run, unless that is refused. */
export function expectAlertsRead(
  { world, run, again, turns, startedAt }: Played,
  { alertsAt = 0 }: Script,
): void {
  const runs = turns.filter(({ instanceId, isFirst }) => isFirst && instanceId === run.instanceId);
  expect(runs.length).toBeLessThanOrEqual(3);
  if (runs.length === 1) expect(again?.output.answer).toBe("duplicate");
  if (run.runtimeStatus !== "Completed") return;
  if (world.last.get("fetchAgain") !== "refused")
    expect(world.readAt).toBeGreaterThanOrEqual(startedAt + alertsAt * 1000);
}

const goodReasonToDrop = /had not judged the alert|does not know the alert/;
const goodReasonToFail = /could not be written: not allowed$|The alert could not be read/;

/** A triage is reported once, whichever way it came, unless it could not be read or written. */
export function expectTriageReportedOnce({ world, run, deliveries }: Played, script: Script): void {
  const times = world.reported.filter((id) => id === deliveryId).length;
  expect(times).toBeLessThanOrEqual(1);
  for (const { runtimeStatus, output } of deliveries) {
    if (runtimeStatus === "Failed") expect(output).toMatch(goodReasonToFail);
    else if (output.ended === "dropped") expect(output.reason).toMatch(goodReasonToDrop);
    else if (output.ended === "inComment" && script.settings.commentWhen === "findings")
      expect(run.output.deliveryId).toBe(deliveryId);
    else expect([output.ended, times]).toEqual([output.ended, 1]);
  }
}

/** An orchestrator does again what it did, and what it did before only grows. */
export async function expectDeterminism(script: Script, { turns }: Played): Promise<void> {
  const before = new Map<string, string>();
  const strayed = turns.filter((turn) => {
    const actions = actionsOf(turn);
    const earlier = turn.isFirst ? "" : (before.get(turn.instanceId) ?? "");
    before.set(turn.instanceId, actions);
    return !actions.startsWith(earlier);
  });
  expect(strayed).toEqual([]);
  const drawn = turns[(script.runtimeFaults.seed ?? 0) % turns.length];
  if (drawn) expect(await answerOf(drawn)).toBe(drawn.answer);
}

/** All actions up to a turn, as text; of the last one with its output. A timer that is cancelled stays the same timer. */
function actionsOf({ answer }: Turn): string {
  const [from, to] = [answer.indexOf('"actions":[['), answer.indexOf(']],"schemaVersion":')];
  return answer.slice(from, to).replaceAll('"isCanceled":true', '"isCanceled":false');
}
