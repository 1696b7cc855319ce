import type { OrchestrationContext } from "durable-functions";
import type { FetchedIncident } from "../activities/fetch-incident";
import { indicatorKey } from "../domain/indicators/indicator";
import { defined } from "../domain/json";
import type { ReportItem, RunReport, TriageState } from "../domain/report/report";
import { summarize } from "../domain/report/summary";
import { changesSince } from "../domain/run/changes";
import {
  closed,
  hasOpenLookup,
  mergedItems,
  planItems,
  progressOf,
  withIndicators,
} from "../domain/run/items";
import {
  emptiedWarning,
  movedTo,
  placeOf,
  type RunInput,
  type RunOutput,
  type RunStatus,
} from "../domain/run/run";
import { shownProvider } from "../domain/run/settings";
import { log, type Step } from "./durable/call";
import { now } from "./durable/timers";
import { consultInContext, type LookedUp } from "./steps/consult-in-context";
import { consultProviders, type Phase } from "./steps/consult-providers";
import { handOver, watchSurvivor } from "./steps/hand-over";
import { commentAndReadAgain, publishTags, publishUpdate } from "./steps/publish";
import { fetchWithEntities, watchForLateEntities } from "./steps/read-entities";
import { outputOf, outputOfNothing, startResults } from "./steps/results";
import { triageInTime } from "./steps/triage-in-time";

/** Enriches one incident, from its entities to its comment and tags. */
export function* enrichIncident(context: OrchestrationContext): Step<RunOutput> {
  const input = context.df.getInput<RunInput>() as RunInput;
  const { settings } = input;
  setStatus(context, "readingEntities", []);
  const fetched = yield* fetchWithEntities(context, input);
  const { incident, merge } = fetched;
  if (merge?.survivor) return yield* handOver(context, input, incident.number, merge.survivor);

  if (merge && fetched.indicators.length + fetched.leftOut.length === 0)
    return outputOfNothing(input, emptiedWarning(merge));

  const phase = firstPhase(context, input, fetched);
  const planned = planItems(settings.providers, fetched.indicators);
  setStatus(context, "lookingUp", planned);
  const lookedUp = yield* consultInContext(context, input, fetched.indicators, planned, phase);
  const { submission } = lookedUp;
  const items = mergedItems(lookedUp.items);

  setStatus(context, "waitingForIntezer", items);
  const triage = yield* triageInTime(context, input, submission, phase.deadline);
  const deliveryId = triage.kind === "taken" ? triage.deliveryId : undefined;
  const first = firstReport(context, input, fetched, { ...lookedUp, items }, triage);
  setStatus(context, "commenting", items, deliveryId);
  const here = merge ? movedTo(placeOf(input.incident), merge) : placeOf(input.incident);
  const { commented, reread } = yield* commentAndReadAgain(context, input, withChanges(input, first), here, {
    sparingly: fetched.isThrottled,
    ...defined({ etag: incident.etag }),
  });
  const known = withReread(input, first, reread);
  const { alertsCount } = reread?.incident ?? incident;
  const published = yield* publishTags(context, input, known, commented);
  yield* startResults(context, input, first);
  const { survivor } = published.said.place;
  if (survivor) yield* watchSurvivor(context, input, known, survivor);
  else yield* watchForLateEntities(context, input, known, submission, reread !== undefined);
  if (!known.items.some(hasOpenLookup) && known.items.length === items.length) {
    setStatus(context, "done", items, deliveryId);
    return outputOf(first, submission, [published], alertsCount);
  }

  setStatus(context, "completing", known.items, deliveryId);
  const update = yield* lookUpTheRest(context, input, known, first, phase);
  const isPromised = commented.commentId !== undefined || commented.comment !== undefined;
  const news = isPromised ? update : withChanges(input, update);
  const updated = yield* publishUpdate(context, input, news, published, isPromised);
  yield* startResults(context, input, update);
  const survivorSince = updated.said.place.survivor;
  if (!survivor && survivorSince) yield* watchSurvivor(context, input, update, survivorSince);
  setStatus(context, "done", update.items, deliveryId);
  return outputOf(update, submission, [published, updated], alertsCount);
}

function firstPhase(context: OrchestrationContext, input: RunInput, { incident }: FetchedIncident): Phase {
  const { firstCommentSeconds, deadlineSeconds } = input.settings;
  return {
    incidentId: input.incident.incidentId,
    scope: input.incident.scope,
    run: input.run,
    phase: 1,
    urgent: incident.isUrgent,
    deadline: now(context) + firstCommentSeconds * 1000,
    until: now(context) + deadlineSeconds * 1000,
  };
}

function firstReport(
  context: OrchestrationContext,
  { run, settings, mergedFrom }: RunInput,
  { incident, leftOut, hasMail, watchlistUnread }: FetchedIncident,
  { items, submission, context: known }: LookedUp,
  triage: TriageState,
): RunReport {
  return {
    run,
    part: "first",
    incident,
    items,
    leftOut,
    hasMail,
    providers: settings.providers.map(shownProvider),
    triage,
    at: now(context),
    incidentSubmitted: submission?.kind === "done",
    ...defined({ mergedFrom, context: known, watchlistUnread }),
  };
}

/** The second phase: continues open lookups until the run's deadline. */
function* lookUpTheRest(
  context: OrchestrationContext,
  { settings }: RunInput,
  known: RunReport,
  first: RunReport,
  phase: Phase,
): Step<RunReport> {
  const second = { ...phase, phase: 2, deadline: phase.until } as const;
  const later = yield* consultProviders(context, settings, known.items, second);
  const items = mergedItems(withBefore(later.map(closed), first));
  return { ...known, part: "update", items, at: now(context) };
}

/** In a repeated run: adds what differs from the previous run. The update does not repeat the triage. */
function withChanges({ previous }: RunInput, report: RunReport): RunReport {
  if (!previous) return report;
  const compared = report.part === "first" ? report : { ...report, triage: { kind: "none" } as const };
  const changes = changesSince(previous, compared, summarize(report));
  return changes ? { ...report, changes } : report;
}

/** The report with indicators that were added after the first reading of the entities; their lookups are still open. */
function withReread(
  { settings }: RunInput,
  report: RunReport,
  reread: FetchedIncident | undefined,
): RunReport {
  if (!reread) return report;
  const known = new Set(report.leftOut.map((item) => JSON.stringify(item)));
  return {
    ...report,
    items: withIndicators(report.items, settings.providers, reread.indicators),
    leftOutSince: reread.leftOut.filter((item) => !known.has(JSON.stringify(item))),
    hasMail: report.hasMail || reread.hasMail,
  };
}

/** The items of an update, with the lookups that the first comment showed. */
function withBefore(items: readonly ReportItem[], first: RunReport): readonly ReportItem[] {
  const shown = new Map(first.items.map(({ indicator, lookups }) => [indicatorKey(indicator), lookups]));
  return items.map((item) => {
    const before = shown.get(indicatorKey(item.indicator));
    return before ? { ...item, before } : item;
  });
}

function setStatus(
  context: OrchestrationContext,
  stage: RunStatus["stage"],
  items: readonly ReportItem[],
  deliveryId?: string,
): void {
  const status: RunStatus = {
    stage,
    ...progressOf(items),
    ...defined({ deliveryId }),
  };
  context.df.setCustomStatus(status);
  log(context, "Reached a stage", { ...status });
}
