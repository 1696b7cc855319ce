import type { Clock } from "../clock";
import type { FunctionApp } from "../host/functions";

export interface TaskHubOptions {
  readonly app: FunctionApp;
  readonly clock: Clock;
  /** Folder of the journal; absent: nothing is kept. */
  readonly dataFolder?: string;
  /** Task hub's name, from host.json `extensions.durableTask.hubName`. */
  readonly name: string;
  /** Host and port that links in answers name, e.g. `127.0.0.1:7071`. */
  readonly authority: () => string;
}

export interface ManagementRequest {
  readonly method: string;
  /** Below `/runtime/webhooks/durabletask` (or the RPC base), without leading slash, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ManagementReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Durable Functions on one machine: executes the app's orchestrations and serves the management API. */
export interface TaskHub {
  /** The value of a `durableClient` input binding (durable-runtime.md section 4). */
  clientBinding(): string;
  manage(request: ManagementRequest): Promise<ManagementReply>;
  /** Ends when nothing is running; with a journal everything up to here is on disk. */
  stop(): Promise<void>;
}
