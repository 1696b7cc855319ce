import { randomUUID } from "node:crypto";
import { type Instance, isTerminal } from "./instances";
import {
  type Api,
  type Call,
  empty,
  failure,
  type Handler,
  invalidJson,
  json,
  parsed,
  type Reply,
  statusOptions,
} from "./management-http";
import { type IncomingEvent, isoFrom, type RuntimeStatus, type Undated } from "./protocol";
import { statusView } from "./status-view";

export async function start(call: Call, api: Api): Promise<Reply> {
  const input = parsed(call.body === "" ? "null" : call.body);
  if (!input) return invalidJson();
  const { name = "", id = newInstanceId() } = call.params;
  const reply = await startInstance(api, name, id, JSON.stringify(input.value));
  const timeoutSeconds = Number(call.query.get("timeout"));
  if (reply.status !== 202 || !(timeoutSeconds > 0)) return reply;
  const pollingMs = Math.max(Number(call.query.get("pollingInterval")) || 1, 0.1) * 1000;
  const ended = await untilTerminal(api, id, timeoutSeconds * 1000, pollingMs);
  if (!ended) return reply;
  const view = statusView(ended, statusOptions(call.query));
  return ended.status === "Completed" ? json(200, view.output) : json(200, view);
}

/** A key of Azure Table Storage takes one KiB of UTF-16. */
const longestId = 512;

async function startInstance(api: Api, name: string, id: string, Input: string | null): Promise<Reply> {
  if (id.length > longestId)
    return failure(500, "Something went wrong while processing your request", {
      type: "DurableTask.AzureStorage.Storage.DurableTaskStorageException",
      message: "An error occurred while communicating with Azure Storage",
    });
  const existing = api.engine.instances.get(id);
  if (existing && !isTerminal(existing))
    return json(409, {
      Message: `An Orchestration instance with the status ${existing.status} already exists.`,
    });
  if (api.startGap) await api.startGap();
  send(api, id, {
    EventType: "ExecutionStarted",
    Name: name,
    Version: api.orchestrationVersion,
    Input,
    OrchestrationInstance: { InstanceId: id, ExecutionId: randomUUID() },
    ParentInstance: null,
    Generation: 0,
  });
  const links = api.links.toInstance(id);
  return json(202, links, { location: links.statusQueryGetUri ?? "", "retry-after": "10" });
}

async function untilTerminal(
  { engine, clock }: Api,
  id: string,
  timeoutMs: number,
  pollingMs: number,
): Promise<Instance | undefined> {
  const deadline = clock.now() + timeoutMs;
  while (clock.now() < deadline) {
    await new Promise<void>((rung) => clock.alarm(Math.min(clock.now() + pollingMs, deadline), rung));
    const instance = engine.instances.get(id);
    if (instance && isTerminal(instance)) return instance;
  }
  return undefined;
}

export function raiseEvent(call: Call, api: Api): Reply {
  return withLive(call, api, (instance) => {
    if (!/^application\/json\b/i.test(call.headers["content-type"] ?? ""))
      return json(400, { Message: "Only application/json request content is supported" });
    const input = parsed(call.body);
    if (!input) return invalidJson();
    const Name = call.params.event ?? "";
    send(api, instance.id, { EventType: "EventRaised", Name, Input: JSON.stringify(input.value) });
    return empty(202);
  });
}

export function terminate(call: Call, api: Api): Reply {
  return withLive(call, api, (instance) => {
    send(api, instance.id, { EventType: "ExecutionTerminated", Input: call.query.get("reason") });
    return empty(202);
  });
}

export function pauseHandler(EventType: "ExecutionSuspended" | "ExecutionResumed"): Handler {
  const verb = EventType === "ExecutionSuspended" ? "suspend" : "resume";
  const isPointless = (status: RuntimeStatus) => (status === "Suspended") === (verb === "suspend");
  return (call, api) =>
    withLive(call, api, (instance) => {
      if (isPointless(instance.status))
        return failure(500, "Something went wrong while processing your request", {
          type: "System.InvalidOperationException",
          message: `Cannot ${verb} the orchestration instance ${instance.id} because instance is in the ${instance.status} state.`,
        });
      send(api, instance.id, { EventType, Reason: call.query.get("reason") });
      return empty(202);
    });
}

/** 404 without the instance, 410 when it is over. */
function withLive({ params }: Call, { engine }: Api, handle: (instance: Instance) => Reply): Reply {
  const instance = engine.instances.get(params.id ?? "");
  if (!instance) return empty(404);
  return isTerminal(instance) ? empty(410) : handle(instance);
}

/** Answers as a real host does where it refuses; a failed instance cannot be rewound here: 501. */
export function rewind({ params }: Call, { engine }: Api): Reply {
  const instance = engine.instances.get(params.id ?? "");
  if (!instance) return json(404, `No orchestration with instance ID "$${params.id}" found.`);
  if (instance.status !== "Failed")
    return json(
      412,
      `This orchestration has status ${instance.status}, but only orchestrations in the "Failed" state can be rewound.`,
    );
  return json(501, { Message: "The local host cannot rewind. Restart the instance instead." });
}

export async function restart({ params, query }: Call, api: Api): Promise<Reply> {
  const instance = api.engine.instances.get(params.id ?? "");
  if (!instance)
    return failure(400, "InstanceId does not match a valid orchestration instance.", {
      type: "System.ArgumentException",
      message: `No instance with ID '${params.id}' was found. (Parameter 'instanceId')`,
    });
  const isSame = query.get("restartWithNewInstanceId")?.toLowerCase() === "false";
  return startInstance(
    api,
    instance.started.Name,
    isSame ? instance.id : newInstanceId(),
    instance.started.Input,
  );
}

function send({ engine, clock }: Api, to: string, event: Undated<IncomingEvent>): void {
  engine.send({ to, event: { ...event, Timestamp: isoFrom(clock.now()) } });
}

const newInstanceId = () => randomUUID().replaceAll("-", "");
