import { randomUUID } from "node:crypto";
import type { InvocationContext } from "@azure/functions";
import { type Attempt, done, refused } from "../domain/attempt";
import type { IncidentStore, ListedIncident, ListIncidents } from "../domain/incident/incident-store";
import type { Screening, Watchlist } from "../domain/indicators/screening";
import { defined } from "../domain/json";
import { type ChangeMarks, catchUp, type HalfOfDay } from "../domain/run/catch-up";
import {
  type MissingRun,
  type MissingRunRules,
  missingRunOf,
  mostUrgentFirst,
  withFewGuesses,
} from "../domain/run/missing-run";
import { startNextRun } from "../domain/run/next-run";
import type { RunStart } from "../domain/run/run";
import { type Exclusions, type RunSettings, withoutExcluded } from "../domain/run/settings";
import { type LastRun, lastRunOf, type TaskHub } from "../domain/run/task-hub";
import { dayMs, hourMs } from "../domain/time";
import { orchestratorNames, runInstanceId } from "../orchestrators/names";

interface ReconcileOptions extends Pick<MissingRunRules, "mode" | "severities"> {
  /** Scopes of the incidents that are served. */
  readonly workspaces: readonly string[];
  readonly settings: RunSettings;
  readonly exclusions: Exclusions;
  readonly screening: Screening;
  /** Absent if analysts keep no list. */
  readonly watchlist: Watchlist | undefined;
  readonly listIncidents: ListIncidents;
  readonly incidents: Pick<IncidentStore, "readEntities" | "readComments">;
  readonly marks: ChangeMarks;
  /** Spends no quota. */
  readonly readHalfDays: () => Promise<Attempt<readonly HalfOfDay[]>>;
  readonly toTaskHub: (context: InvocationContext) => TaskHub;
}

/** Every pass looks at the changes within this time, because a run is open for two and a half hours at most. */
const lookBackMs = 3 * hourMs;
/** How far back a pass looks after an outage of the app. */
const furthestBackMs = 7 * dayMs;
/** How long an incident that could not be read keeps the mark from moving. */
const longestHoldMs = dayMs;

/** Three requests. The next pass reads the others. */
const mostListed = 3_000;
const mostStarts = 20;
/** Maximum number of incidents to examine: each costs one or two of Sentinel's scarce reads. */
const mostLookedInto = 40;
/**
 * Maximum number of guesses among them (only the time since their run suggests a reason); others follow in the next
 * turn.
 */
const mostGuesses = 5;
const guessMs = 15 * 60 * 1000;
/** Time for examining incidents and starting runs. */
const patienceMs = 20_000;

/** Rules start up to ten minutes after an incident's creation. */
const triggerMs = 15 * 60 * 1000;

/** Number of parallel requests to the task hub. */
const hubBatch = 25;

/**
 * Starts the runs that no trigger has started: lists, with one request, what has changed in each workspace since the last
 * pass. A pass does not wait for the runs. If something could not be done, the mark stays, and the next pass repeats it.
 */
export function createReconcile(options: ReconcileOptions) {
  return async (_timer: unknown, context: InvocationContext): Promise<void> => {
    const pass: Pass = { options, hub: options.toTaskHub(context), context, now: Date.now() };
    try {
      await reconcile(pass);
    } catch (error) {
      context.error(
        "Reconciliation stopped and the next pass repeats it: check AzureWebJobsStorage if that does not help",
        { error: String(error) },
      );
    }
  };
}

interface Pass {
  readonly options: ReconcileOptions;
  readonly hub: TaskHub;
  readonly context: InvocationContext;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What has changed in one workspace. */
interface Changes {
  readonly scope: string;
  /** The mark of the last pass. */
  readonly mark: number | undefined;
  /** Where the next pass begins if this pass completes everything. */
  readonly readTo: number;
  readonly listed: number;
  readonly missing: readonly MissingRun[];
}

async function reconcile(pass: Pass): Promise<void> {
  const { options, context, now } = pass;
  const lastRuns = new Map<string, LastRun>();
  const read = await Promise.all(options.workspaces.map((scope) => readChanges(pass, scope, lastRuns)));
  const changes = read.flatMap((each) => each ?? []);
  const turn = Math.floor(now / guessMs);
  const all = changes.flatMap((each) => each.missing);
  const missing = mostUrgentFirst(withFewGuesses(all, { most: mostGuesses, turn }));
  const settled = missing.length > 0 ? await startMissing(pass, missing, lastRuns) : new Set<MissingRun>();
  for (const each of changes) await moveMark(pass, each, settled);
  const listed = changes.reduce((sum, each) => sum + each.listed, 0);
  context.log("Reconciled", {
    workspaces: changes.length,
    listed,
    missing: missing.length,
    left: missing.length - settled.size,
  });
}

/** Also fills `lastRuns` with the runs of open incidents from the task hub, by instance id. */
async function readChanges(
  pass: Pass,
  scope: string,
  lastRuns: Map<string, LastRun>,
): Promise<Changes | undefined> {
  const { options, hub, context, now } = pass;
  const read = await listChanges(pass, scope);
  if (read.kind !== "done") {
    context.error("A workspace could not be reconciled", { reason: read.reason });
    return undefined;
  }
  const { mark, since, listed } = read.value;
  const living = listed.filter(
    ({ status, mergedInto }) => mergedInto !== undefined || status.toLowerCase() !== "closed",
  );
  await findRuns(hub, living, lastRuns);
  const merged = listed.filter(({ mergedInto }) => mergedInto !== undefined);
  const rules: MissingRunRules = {
    mode: options.mode,
    severities: options.severities,
    commentWhen: options.settings.commentWhen,
    now,
    changedAfter: mark ?? 0,
    trustsComments: false,
    merged: new Set(merged.map(({ ref }) => ref.incidentId)),
    triggerMs,
  };
  const missing = living.flatMap((incident) => {
    const found = missingRunOf(incident, lastRuns.get(instanceIdOf(incident)), rules);
    if (!found) return [];
    const sources = merged.filter(({ mergedInto }) => mergedInto === incident.number);
    return { ...found, mergedFrom: sources.map(({ number }) => number) };
  });
  const readTo = Math.max(mark ?? since, ...listed.map(({ changedAt }) => changedAt));
  return { scope, mark, readTo, listed: listed.length, missing };
}

async function listChanges({ options, now }: Pass, scope: string) {
  const read = await options.marks.read(scope);
  if (read.kind !== "done") return read;
  const mark = read.value;
  const since = Math.max(Math.min(mark ?? now, now - lookBackMs), now - furthestBackMs);
  const list = await options.listIncidents(scope, { by: "changedAt", since, most: mostListed });
  return list.kind === "done" ? done({ mark, since, listed: list.value }) : list;
}

const instanceIdOf = ({ ref }: ListedIncident) => runInstanceId(ref.incidentId);

async function findRuns(
  hub: TaskHub,
  incidents: readonly ListedIncident[],
  lastRuns: Map<string, LastRun>,
): Promise<void> {
  for (let from = 0; from < incidents.length; from += hubBatch) {
    const ids = incidents.slice(from, from + hubBatch).map(instanceIdOf);
    for (const found of await Promise.all(ids.map((id) => hub.find(id))))
      if (found) lastRuns.set(found.id, lastRunOf(found));
  }
}

/** Starts the missing runs, and returns those that are settled. */
async function startMissing(
  pass: Pass,
  missing: readonly MissingRun[],
  lastRuns: ReadonlyMap<string, LastRun>,
): Promise<ReadonlySet<MissingRun>> {
  const { options, context } = pass;
  const settled = new Set<MissingRun>();
  const halves = await options.readHalfDays();
  if (halves.kind !== "done") {
    context.error("Reconciliation could not read the quota and started no run", {
      missing: missing.length,
      reason: halves.reason,
    });
    return settled;
  }
  const startedAt = Date.now();
  const steps = catchUp(missing, {
    ...options,
    halves: halves.value,
    most: mostStarts,
    start: (each) => startRun(pass, each, lastRuns.get(instanceIdOf(each.incident))),
  });
  let lookedInto = 0;
  for await (const step of steps) {
    const { incidentId } = step.missing.incident.ref;
    if (step.kind === "spent")
      context.log("Reconciliation has used half of a provider's daily quota", { provider: step.title });
    else if (step.kind === "failed")
      context.error("Reconciliation could not start a run", { incidentId, reason: step.reason });
    else settled.add(step.missing);
    if (++lookedInto >= mostLookedInto || Date.now() - startedAt > patienceMs) break;
  }
  return settled;
}

async function startRun(
  { options, hub, context }: Pass,
  { incident, eventType, cause, mergedFrom = [] }: MissingRun,
  lastRun: LastRun | undefined,
): Promise<Attempt<void>> {
  const { without, reconciled } = lastRun ?? {};
  const remaining = withoutExcluded(options.settings, without ?? null, options.exclusions);
  if (remaining.kind === "refused") return refused(remaining.reason);
  const alerts = incident.alertsCount ?? 0;
  const tries = reconciled && reconciled.alerts >= alerts ? reconciled.tries : 0;
  const start: RunStart = {
    incident: incident.ref,
    eventType,
    settings: remaining.settings,
    ...defined({ without }),
    ...(mergedFrom.length > 0 ? { mergedFrom } : {}),
    reconciled: { alerts, tries: tries + 1 },
  };
  const target = { orchestrator: orchestratorNames.enrichIncident, instanceId: instanceIdOf(incident) };
  const next = await startNextRun(hub, target, start, { now: Date.now(), startId: randomUUID() });
  if (next.kind === "started")
    context.log("Started a run", { instanceId: target.instanceId, run: next.run, eventType, cause });
  return done(undefined);
}

/** Moves the mark, but not past incidents that could not be settled. */
async function moveMark(
  { options, context, now }: Pass,
  { scope, mark, readTo, missing }: Changes,
  settled: ReadonlySet<MissingRun>,
): Promise<void> {
  const left = missing
    .filter((each) => !each.isGuess && !settled.has(each))
    .map(({ incident }) => incident.changedAt - 1);
  const next = left.length > 0 ? Math.max(Math.min(...left), now - longestHoldMs) : readTo;
  if (next === mark) return;
  const written = await options.marks.write(scope, next);
  if (written.kind !== "done")
    context.warn("The mark could not be stored: the next pass reads the same changes again", {
      reason: written.reason,
    });
}
