import type { Activities } from "../../activities";
import { durationText } from "../../domain/time";
import { type orchestratorNames, triagedEvent } from "../../orchestrators/names";

/** What is used of an instance as the management API shows it with `showHistory` and `showInput`. */
export interface InstanceStatus {
  readonly name: string;
  readonly instanceId: string;
  readonly runtimeStatus: string;
  readonly input: unknown;
  readonly customStatus: unknown;
  readonly output: unknown;
  readonly historyEvents?: readonly HistoryEvent[];
}

export interface HistoryEvent {
  readonly EventType: string;
  readonly Timestamp: string;
  /** When the step was scheduled; absent for an event. */
  readonly ScheduledTime?: string;
  /** Of an activity or a child. */
  readonly FunctionName?: string;
  /** Of an event, or of an activity that has not ended. */
  readonly Name?: string;
  readonly Result?: unknown;
}

/** One orchestration of an incident, for people. */
interface Timeline {
  readonly title: string;
  readonly instanceId: string;
  readonly status: string;
  readonly took: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly name: string;
  readonly meaning: string;
  /** After the beginning of the run: "+1:05". */
  readonly began: string;
  /** "2 s"; while it has not ended, "running for 2 s". */
  readonly took: string;
  readonly state: "done" | "failed" | "running";
}

const titles: Readonly<Record<string, string>> = {
  enrichIncident: "Run",
  consultProvider: "Lookups",
  submitIncident: "Submission to Intezer",
  deliverTriage: "Triage",
  enrichAgain: "Start of the next run",
  sendResults: "Rows of the results",
} satisfies Record<keyof typeof orchestratorNames, string>;

const meanings: Readonly<Record<string, string>> = {
  fetchIncident: "read the incident and its entities",
  submitAlert: "sent the incident to Intezer",
  consultProvider: "looked up indicators",
  recall: "took answers from the cache",
  consult: "a batch of lookups",
  readContext: "searched the workspace's logs",
  submitIncident: "submitted the incident to Intezer",
  watchEntities: "started watching for late entities",
  startResults: "started sending the results",
  ingestRows: "sent rows to the results table",
  postComment: "wrote the comment",
  tagIncident: "wrote the tags",
  postAddendum: "wrote the addendum",
  readAlert: "read the alert from Intezer",
  findIncident: "searched for the incident of the alert",
  offerTriage: "offered the triage to the run",
  [triagedEvent]: "received the triage",
  startRun: "started the next run",
} satisfies Record<keyof Activities | "consultProvider" | "submitIncident" | typeof triagedEvent, string>;

const ends: Readonly<Record<string, Step["state"]>> = {
  TaskCompleted: "done",
  SubOrchestrationInstanceCompleted: "done",
  EventRaised: "done",
  TaskFailed: "failed",
  SubOrchestrationInstanceFailed: "failed",
  TaskScheduled: "running",
  SubOrchestrationInstanceCreated: "running",
};

/**
 * The steps of one orchestration: activities, children and events in the order in which they began. The same step
 * several times in a row is one line. `since` is the beginning of the run, `now` the end of what still runs; both are
 * epoch milliseconds.
 */
export function timelineFrom(instance: InstanceStatus, since: number, now: number): Timeline {
  const { name, instanceId, runtimeStatus, historyEvents = [] } = instance;
  const spans = historyEvents.flatMap(spanFrom).toSorted((a, b) => a.beganAt - b.beganAt);
  const beganAt = beginningOf(instance) ?? since;
  const lastAt = isLive(runtimeStatus)
    ? now
    : Math.max(...historyEvents.map(({ Timestamp }) => Date.parse(Timestamp)));
  return {
    title: `${titles[name] ?? name}${subjectOf(instance)}`,
    instanceId,
    status: statuses[runtimeStatus] ?? runtimeStatus.toLowerCase(),
    took: spanText(Math.max(0, lastAt - beganAt)),
    steps: inARow(spans).map((spansOfStep) => stepFrom(spansOfStep, since, now)),
  };
}

const statuses: Readonly<Record<string, string>> = { Pending: "starting", Completed: "finished" };

/** Whether an orchestration has not ended yet. */
export function isLive(runtimeStatus: string): boolean {
  return ["Pending", "Running"].includes(runtimeStatus);
}

/** When an orchestration began, epoch milliseconds. */
export function beginningOf({ historyEvents = [] }: InstanceStatus): number | undefined {
  const started = historyEvents.find(({ EventType }) => EventType === "ExecutionStarted");
  return started && Date.parse(started.Timestamp);
}

/** Intezer's alert of an incident, as soon as the run has submitted it. */
export function alertIdOf({ historyEvents = [] }: InstanceStatus): string | undefined {
  const submitted = historyEvents.findLast(
    ({ FunctionName, Result }) => FunctionName === "submitIncident" && Result,
  );
  return (submitted?.Result as { value?: { alertId?: string } } | undefined)?.value?.alertId;
}

interface Span {
  readonly name: string;
  readonly state: Step["state"];
  readonly beganAt: number;
  readonly endedAt: number;
}

function spanFrom({
  EventType,
  Timestamp,
  ScheduledTime,
  FunctionName,
  Name,
}: HistoryEvent): readonly Span[] {
  const state = ends[EventType];
  const endedAt = Date.parse(Timestamp);
  if (!state) return [];
  const beganAt = Date.parse(ScheduledTime ?? Timestamp);
  return [{ name: FunctionName ?? Name ?? EventType, state, beganAt, endedAt }];
}

function inARow(spans: readonly Span[]): readonly (readonly [Span, ...Span[]])[] {
  const rows: [Span, ...Span[]][] = [];
  for (const span of spans) {
    const last = rows.at(-1);
    if (last && last[0].name === span.name && last[0].state === span.state) last.push(span);
    else rows.push([span]);
  }
  return rows;
}

function stepFrom([first, ...more]: readonly [Span, ...Span[]], since: number, now: number): Step {
  const { name, state, beganAt } = first;
  const meaning = meanings[name] ?? "";
  const endedAt = Math.max(first.endedAt, ...more.map((span) => span.endedAt));
  return {
    name,
    meaning: more.length === 0 ? meaning : `${meaning}, ${more.length + 1} times`,
    began: offsetText(beganAt - since),
    took: state === "running" ? `running for ${spanText(now - beganAt)}` : spanText(endedAt - beganAt),
    state,
  };
}

const providers: Readonly<Record<string, string>> = { virustotal: "VirusTotal", intezer: "Intezer" };
const sources: Readonly<Record<string, string>> = {
  webhook: ", received by webhook",
  poll: ", found by polling",
  defender: ", received by webhook for a Defender alert",
};

/** The provider of lookups, and how a triage came. */
function subjectOf({ input }: InstanceStatus): string {
  const { work, source } = (input ?? {}) as { work?: { provider?: { id?: string } }; source?: string };
  const id = work?.provider?.id;
  return id === undefined ? (sources[source ?? ""] ?? "") : ` by ${providers[id] ?? id}`;
}

function offsetText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `+${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

const spanText = (ms: number) => (ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : durationText(ms));
