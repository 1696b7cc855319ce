/** An orchestration as the task hub knows it. */
export interface OrchestrationInstance {
  readonly id: string;
  /** An event raised at a `pending` or `ended` instance is lost. */
  readonly state: "pending" | "running" | "ended";
  readonly succeeded: boolean;
  /** Failed with an error; an instance that an operator terminated has neither succeeded nor failed. */
  readonly failed: boolean;
  readonly input: unknown;
  readonly customStatus: unknown;
  readonly output: unknown;
  /** Epoch milliseconds, whole seconds. */
  readonly updatedAt: number;
}

/** The orchestrations of this app. Every call throws when the hub cannot be reached. */
export interface TaskHub {
  find(instanceId: string): Promise<OrchestrationInstance | undefined>;
  /** Replaces an instance that has ended. */
  start(orchestrator: string, instanceId: string, input: object): Promise<"started" | "alreadyRunning">;
  raise(instanceId: string, eventName: string, data: object): Promise<void>;
  /** Deletes instances that have ended and were created between two instants (epoch milliseconds); returns how many. */
  purge(from: number, to: number): Promise<number>;
}
