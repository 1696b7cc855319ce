import { defined } from "../json";
import { isBeforeComment, type PreviousRun, type RunInput, type RunOutput, type RunStart } from "./run";
import type { OrchestrationInstance, TaskHub } from "./task-hub";

/** A finished run is not repeated within this time, because automation rules and relays deliver at least once. */
const quietPeriodMs = 15 * 60 * 1000;

/** Minimum interval between two runs that added alerts start, however many updates arrive. */
const updateIntervalMs = 5 * 60 * 1000;

/** The orchestration that runs, and the incident's instance of it. */
export interface RunTarget {
  readonly orchestrator: string;
  readonly instanceId: string;
}

/** A start that waits. Its run takes the trigger body that the incident's run before it keeps. */
export type LaterStart = Omit<RunStart, "envelope">;

/** Input of the orchestrator `enrichAgain`. */
export interface EnrichAgainInput {
  readonly target: RunTarget;
  readonly start: LaterStart;
  /** Trigger body for a run after one that had none to submit. */
  readonly envelope?: string;
  /** Do nothing before this instant, epoch milliseconds. */
  readonly notBefore?: number;
  /** Keys of the indicators that the last run knew: a run is started only if the incident has others. */
  readonly known?: readonly string[];
  /** With `known`: when to read the entities again while there are no others, epoch milliseconds, ascending. */
  readonly laterReadings?: readonly number[];
  /** With `known`: Intezer's id of the alert whose triage the last run has shown or waits for. */
  readonly alertId?: string;
}

export type NextRun =
  | { readonly kind: "started"; readonly run: number }
  /** The incident is being enriched, or was enriched recently: nothing was started. */
  | { readonly kind: "duplicate" }
  /**
   * The run under way will not see added alerts, or lacks this trigger body, or runs came too fast: not before this
   * instant.
   */
  | { readonly kind: "later"; readonly notBefore: number };

/** Identifies one start: its instant in epoch milliseconds, and a unique id. */
interface StartMark {
  readonly now: number;
  readonly startId: string;
}

/**
 * Starts the incident's next run, unless there is none to start. A run for added alerts (`Update`) waits for the one
 * under way; any other is a duplicate while one is under way and for 15 minutes after it, unless it brings the trigger
 * body that that one lacked. Throws when the hub cannot be reached.
 */
export async function startNextRun(
  hub: TaskHub,
  { orchestrator, instanceId }: RunTarget,
  start: RunStart,
  { now, startId }: StartMark,
): Promise<NextRun> {
  const present = await hub.find(instanceId);
  const answer = isUpdate(start) ? afterAddedAlerts(present, now) : afterCreation(present, start, now);
  if (answer) return answer;
  const previous = previousRunOf(present);
  const input: RunInput = {
    ...withBody(start, present),
    run: now,
    startId,
    ...defined({ previous }),
  };
  const started = await hub.start(orchestrator, instanceId, input);
  // The hub accepts all starts of the same moment, but runs only one.
  const running = started === "started" ? await hub.find(instanceId) : undefined;
  const isOurs = (running?.input as Partial<RunInput> | undefined)?.startId === startId;
  return isOurs ? { kind: "started", run: now } : { kind: "duplicate" };
}

const nothingToSubmit = "no automation rule started this run, so there was no incident to submit";

/** With the trigger body that the incident's last run keeps, where it brings none; without submission if there is none. */
function withBody(start: RunStart, present: OrchestrationInstance | undefined): RunStart {
  const { envelope = inputOf(present).envelope } = start;
  const { alertsOff, ...settings } = start.settings;
  const isToSubmit = settings.alerts === "submit" || alertsOff === nothingToSubmit;
  if (!isToSubmit) return start;
  return envelope === undefined
    ? { ...start, settings: { ...settings, alerts: "off", alertsOff: nothingToSubmit } }
    : { ...start, settings: { ...settings, alerts: "submit" }, envelope };
}

function inputOf(instance: OrchestrationInstance | undefined): Partial<RunInput> {
  return (instance?.input ?? {}) as Partial<RunInput>;
}

export const isUpdate = ({ eventType }: Pick<RunStart, "eventType">) => eventType.toLowerCase() === "update";

function afterCreation(
  present: OrchestrationInstance | undefined,
  { envelope }: RunStart,
  now: number,
): NextRun | undefined {
  if (!present || !isRecent(present, now)) return undefined;
  const isAwaited = envelope !== undefined && inputOf(present).settings?.alertsOff === nothingToSubmit;
  if (!isAwaited) return { kind: "duplicate" };
  return present.state === "ended" ? undefined : { kind: "later", notBefore: now };
}

/** Whether the run is in progress, or succeeded recently. `now` is epoch milliseconds. */
export function isRecent({ state, succeeded, updatedAt }: OrchestrationInstance, now: number): boolean {
  return state !== "ended" || (succeeded && now - updatedAt < quietPeriodMs);
}

function afterAddedAlerts(present: OrchestrationInstance | undefined, now: number): NextRun | undefined {
  if (!present) return undefined;
  if (willReadAgain(present)) return { kind: "duplicate" };
  if (present.state !== "ended") return { kind: "later", notBefore: now };
  const { run, eventType } = inputOf(present);
  if (run === undefined || eventType === undefined || !isUpdate({ eventType })) return undefined;
  const notBefore = run + updateIntervalMs;
  return now < notBefore ? { kind: "later", notBefore } : undefined;
}

/** Whether the run will read its entities again, so that what is added to the incident now is not lost. */
function willReadAgain({ state, customStatus }: OrchestrationInstance): boolean {
  return state !== "ended" && isBeforeComment((customStatus as { stage?: unknown } | null)?.stage);
}

/** What the incident's next run needs to know about this run; for a failed run or a dry run, what that run knew itself. */
export function previousRunOf(instance: OrchestrationInstance | undefined): PreviousRun | undefined {
  const { previous: earlier, settings } = inputOf(instance);
  const output = instance?.succeeded ? (instance.output as RunOutput | null) : undefined;
  // A dry run has not shown its findings to anyone.
  if (!output || settings?.dryRun) return earlier;
  const { verdict, notChecked, warnings, switchedOff, mergedInto, comment, update, ...previous } = output;
  return { ...previous, commentIds: [...(earlier?.commentIds ?? []), ...previous.commentIds] };
}
