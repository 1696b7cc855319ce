import {
  type DurableClient,
  type DurableOrchestrationStatus,
  OrchestrationRuntimeStatus,
} from "durable-functions";
import type { OrchestrationInstance, TaskHub } from "../domain/run/task-hub";

const states: Readonly<Record<string, OrchestrationInstance["state"]>> = {
  Pending: "pending",
  Running: "running",
  Suspended: "running",
  ContinuedAsNew: "running",
};

/** Without this filter the hub would also delete running instances. */
const endedStatuses = [
  OrchestrationRuntimeStatus.Completed,
  OrchestrationRuntimeStatus.Failed,
  OrchestrationRuntimeStatus.Terminated,
  OrchestrationRuntimeStatus.Canceled,
];

/** Ids go into URLs unescaped, and one with `#` or `?` would reach another instance (durable-functions 3.5). */
function checked(instanceId: string): string {
  if (/^[\w-]{1,100}$/.test(instanceId)) return instanceId;
  throw new Error("An instance id holds characters that cannot be part of a URL.");
}

/** `getStatus` throws for an unknown id, and only the error's text distinguishes that from an unreachable hub. */
function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.message.includes("HTTP 404");
}

function instanceFrom(status: DurableOrchestrationStatus): OrchestrationInstance {
  return {
    id: status.instanceId,
    state: states[status.runtimeStatus] ?? "ended",
    succeeded: status.runtimeStatus === "Completed",
    failed: status.runtimeStatus === "Failed",
    input: status.input,
    customStatus: status.customStatus,
    output: status.output,
    updatedAt: new Date(status.lastUpdatedTime).getTime(),
  };
}

/** The task hub, through the durable client that a function gets as its extra input. */
export function toTaskHub(client: DurableClient): TaskHub {
  const find: TaskHub["find"] = async (instanceId) => {
    try {
      return instanceFrom(await client.getStatus(checked(instanceId)));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  return {
    find,
    async start(orchestrator, instanceId, input) {
      try {
        await client.startNew(orchestrator, { instanceId: checked(instanceId), input });
        return "started";
      } catch (error) {
        // Refused because it is running (409), or not started at all: the hub's status shows which.
        const instance = await find(instanceId);
        if (instance && instance.state !== "ended") return "alreadyRunning";
        throw error;
      }
    },
    async raise(instanceId, eventName, data) {
      await client.raiseEvent(checked(instanceId), eventName, data);
    },
    async purge(from, to) {
      const purged = await client.purgeInstanceHistoryBy({
        createdTimeFrom: new Date(from),
        createdTimeTo: new Date(to),
        runtimeStatus: endedStatuses,
      });
      return purged.instancesDeleted;
    },
  };
}
