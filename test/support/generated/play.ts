import { join } from "node:path";
import { incidentFrom } from "../../../clients/sentinel/arm-id";
import type { DeliveryInput, RunInput, RunOutput } from "../../../domain/run/run";
import type { TaskHub } from "../../../domain/run/task-hub";
import { type TaskHub as LocalTaskHub, openTaskHub } from "../../../local/durable/task-hub";
import type { FunctionApp, Invocation, RegisteredFunction } from "../../../local/function-app";
import { loadApp } from "../../../local/host/core-module";
import { againInstanceId, deliveryInstanceId, runInstanceId } from "../../../orchestrators/names";
import { manage } from "../hub-server";
import { manualClock } from "../manual-clock";
import { incidentArmId } from "../requests";
import type { Script } from "./script";
import { activityNames, alert, createWorld, type World } from "./world";

const incident = incidentFrom(incidentArmId);
if (!incident) throw new Error("The incident of the tests is none.");
const runId = runInstanceId(incident.incidentId);
const againId = againInstanceId(incident.incidentId);

Object.assign(globalThis, {
  activitiesUnderTest: Object.fromEntries(activityNames.map((name) => [name, () => undefined])),
});
const app = loadApp(join(__dirname, "../orchestrators-app.cjs"), () => {});

/** One turn of an orchestrator: what it was given, and the state that it answered with, as JSON text. */
export interface Turn {
  readonly instanceId: string;
  readonly fn: RegisteredFunction;
  readonly invocation: Invocation;
  readonly answer: string;
  /** The first one of an execution. */
  readonly isFirst: boolean;
}

interface Ended<Output> {
  readonly instanceId: string;
  readonly runtimeStatus: string;
  readonly output: Output;
}

export interface Played {
  readonly world: World;
  readonly run: Ended<RunOutput>;
  /** Of the orchestration that starts the next run, when alerts were added. */
  readonly again: Ended<{ readonly answer: string }> | undefined;
  readonly deliveries: readonly Ended<{ readonly ended: string; readonly reason?: string }>[];
  /** Names of the instances that have not ended, though nothing moves any more. */
  readonly open: readonly string[];
  readonly turns: readonly Turn[];
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

const longestMs = 3 * 24 * 3600_000;

/** Plays a script with the app's orchestrators on the engine, to the end of all of them. */
export async function play(script: Script): Promise<Played> {
  const clock = manualClock(Date.UTC(2026, 10, 22));
  const startedAt = clock.now();
  const turns: Turn[] = [];
  const hub = await openTaskHub({
    app: appIn(() => world, turns),
    clock,
    name: "Hub",
    authority: () => "127.0.0.1:1",
    faults: script.runtimeFaults,
  });
  const client = clientOf(hub);
  const world = createWorld(script, client, clock.now);
  const input = runInput(script, startedAt);
  await client.start("enrichIncident", runId, input);
  if (script.alertsAt !== undefined)
    clock.alarm(startedAt + script.alertsAt * 1000, () => {
      const start = {
        target: { orchestrator: "enrichIncident", instanceId: runId },
        start: { ...input, eventType: "Update" },
      };
      void client.start("enrichAgain", againId, start);
    });
  if (script.webhookAt !== undefined)
    clock.alarm(startedAt + script.webhookAt * 1000, () => {
      void client.start("deliverTriage", deliveryInstanceId(alert.alertId, ""), delivery(script, startedAt));
    });
  do await clock.idle();
  while (clock.now() < startedAt + longestMs && clock.skip());

  const query = new URLSearchParams({ showInput: "false" });
  const ended: readonly Ended<never>[] = JSON.parse((await manage(hub, "GET", "instances", { query })).body);
  await hub.stop();
  const isOpen = ({ runtimeStatus }: Ended<unknown>) => !["Completed", "Failed"].includes(runtimeStatus);
  const run = ended.find(({ instanceId }) => instanceId === runId);
  if (!run) throw new Error("The run is gone.");
  return {
    world,
    run,
    again: ended.find(({ instanceId }) => instanceId === againId),
    deliveries: ended.filter(({ instanceId }) => instanceId.startsWith("triage-")),
    open: ended.filter(isOpen).map(({ instanceId }) => instanceId),
    turns,
    startedAt,
  };
}

/** Asks an orchestrator once more about a turn. */
export async function answerOf({ fn, invocation }: Pick<Turn, "fn" | "invocation">): Promise<string> {
  return String((await app.invoke(fn, invocation)).returnValue?.json);
}

function runInput({ settings, providers }: Script, run: number): RunInput {
  return {
    run,
    incident: incident as RunInput["incident"],
    eventType: "Create",
    ...(settings.alerts === "submit" ? { envelope: "{}" } : {}),
    settings: {
      ...settings,
      commentDetail: "worst",
      entityRetrySeconds: [60],
      dryRun: false,
      sendsResults: true,
      providers: providers.map(({ id }) => ({
        id,
        title: id,
        kinds: ["file", "url", "domain", "address"],
        off: {},
        quota: { perMinute: 0, perDay: 0, perMonth: 0 },
      })),
    },
  };
}

const delivery = ({ settings }: Script, startedAt: number): DeliveryInput => ({
  source: "webhook",
  alertId: alert.alertId,
  incident: incident as RunInput["incident"],
  until: startedAt + Math.max(settings.deadlineSeconds, 3600) * 1000,
  dryRun: false,
});

/** The app's orchestrators, with a note of every turn, and the world's activities, called without detours. */
function appIn(world: () => World, turns: Turn[]): FunctionApp {
  return {
    ...app,
    async invoke(fn, invocation) {
      if (fn.trigger.type === "orchestrationTrigger") {
        const result = await app.invoke(fn, invocation);
        const instanceId = String(invocation.triggerMetadata.instanceId?.string);
        const isFirst = String(invocation.inputs[0]?.data.string).includes('"isReplaying":false');
        turns.push({ instanceId, fn, invocation, answer: String(result.returnValue?.json), isFirst });
        return result;
      }
      const activity = world().activities[fn.name as keyof World["activities"]];
      const input = JSON.parse(String(invocation.inputs[0]?.data.string)) as never;
      return { returnValue: { json: JSON.stringify(await activity(input)) }, outputs: [] };
    },
  };
}

/** The hub as activities see it, without the SDK and HTTP between. */
function clientOf(hub: LocalTaskHub): TaskHub {
  const headers = { "content-type": "application/json" };
  const states: Readonly<Record<string, "pending" | "running">> = { Pending: "pending", Running: "running" };
  return {
    async find(id) {
      const reply = await manage(hub, "GET", `instances/${id}`);
      if (reply.status === 404) return undefined;
      const { runtimeStatus, lastUpdatedTime, ...status } = JSON.parse(reply.body);
      return {
        ...status,
        id,
        state: states[runtimeStatus] ?? "ended",
        succeeded: runtimeStatus === "Completed",
        failed: runtimeStatus === "Failed",
        updatedAt: Date.parse(lastUpdatedTime),
      };
    },
    async start(orchestrator, id, input) {
      const reply = await manage(hub, "POST", `orchestrators/${orchestrator}/${id}`, {
        body: JSON.stringify(input),
        headers,
      });
      return reply.status === 409 ? "alreadyRunning" : "started";
    },
    async raise(id, event, data) {
      await manage(hub, "POST", `instances/${id}/raiseEvent/${event}`, {
        body: JSON.stringify(data),
        headers,
      });
    },
    purge: async () => 0,
  };
}
