import { randomUUID } from "node:crypto";
import type { Clock } from "../clock";
import type { Reply } from "./simulator";

/** A playbook that hands the incident to the app. */
export interface Relay {
  /** ARM id of the Logic App. */
  readonly id: string;
  /** Address of the app's starter. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RelayRun {
  readonly name: string;
  status: "Running" | "Succeeded" | "Failed";
  readonly startTime: string;
  endTime?: string;
}

/** At most one relay, with its run history. */
export function createRelay(clock: Clock) {
  const nowText = () => new Date(clock.now()).toISOString();
  const runs: RelayRun[] = [];
  let relay: Relay | undefined;

  const run = async ({ url, headers }: Relay, body: object) => {
    const entry: RelayRun = { name: randomUUID(), status: "Running", startTime: nowText() };
    runs.unshift(entry);
    const post = { method: "POST", headers: { "content-type": "application/json", ...headers } };
    const answer = await fetch(url, { ...post, body: JSON.stringify(body) }).catch(() => undefined);
    Object.assign(entry, { status: answer?.ok ? "Succeeded" : "Failed", endTime: nowText() });
  };

  return {
    set(next: Relay | undefined) {
      relay = next;
    },
    /** Nobody waits for it; false when there is no playbook of that id. */
    start(playbookId: unknown, body: object): boolean {
      if (relay === undefined || relay.id !== playbookId) return false;
      void run(relay, body).finally(clock.hold());
      return true;
    },
    /** `GET <relay>/runs`, newest first; `undefined` for any other path. */
    runs(path: string): Reply | undefined {
      if (relay === undefined || path !== `${relay.id}/runs`) return undefined;
      return { status: 200, json: { value: runs.map(({ name, ...properties }) => ({ name, properties })) } };
    },
  };
}
