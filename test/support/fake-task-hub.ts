import type { OrchestrationInstance, TaskHub } from "../../domain/run/task-hub";

interface FakeTaskHub extends TaskHub {
  readonly started: { orchestrator: string; instanceId: string; input: object }[];
  readonly instances: Map<string, OrchestrationInstance>;
  /** The next calls throw, as when storage cannot be reached. */
  unreachable: boolean;
}

/** A task hub that remembers what was started and runs nothing. */
export function fakeTaskHub(...instances: (Partial<OrchestrationInstance> & { id: string })[]): FakeTaskHub {
  const blank = {
    state: "running",
    succeeded: false,
    failed: false,
    input: {},
    customStatus: null,
    output: null,
    updatedAt: 0,
  } as const;
  const hub: FakeTaskHub = {
    started: [],
    instances: new Map(instances.map((instance) => [instance.id, { ...blank, ...instance }])),
    unreachable: false,
    async find(id) {
      if (hub.unreachable) throw new Error("storage is down");
      return hub.instances.get(id);
    },
    async start(orchestrator, instanceId, input) {
      const running = hub.instances.get(instanceId);
      if (running && running.state !== "ended") return "alreadyRunning";
      hub.instances.set(instanceId, { ...blank, id: instanceId, state: "pending", input });
      hub.started.push({ orchestrator, instanceId, input });
      return "started";
    },
    async raise() {},
    async purge() {
      return 0;
    },
  };
  return hub;
}
