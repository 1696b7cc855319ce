import { randomUUID } from "node:crypto";
import type { Clock } from "../clock";
import type { Reply } from "./simulator";

/** A playbook that hands the incident to the app. */
export interface Relay {
  /** ARM id of the Logic App. */
  readonly id: string;
  /** URL of the app's starter. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RelayRun {
  readonly name: string;
  status: "Running" | "Succeeded" | "Failed";
  readonly startTime: string;
  endTime?: string;
  /** As Logic Apps names the status that the app answered; of its only action. */
  code?: string;
}

const statusCodes: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  503: "ServiceUnavailable",
};

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
    const code = answer === undefined ? "BadGateway" : (statusCodes[answer.status] ?? String(answer.status));
    Object.assign(entry, { status: answer?.ok ? "Succeeded" : "Failed", endTime: nowText(), code });
  };

  return {
    set(next: Relay | undefined) {
      relay = next;
      runs.length = 0;
    },
    /** Not waited for; false when there is no playbook of that id. */
    start(playbookId: unknown, body: object): boolean {
      if (relay === undefined || relay.id !== playbookId) return false;
      void run(relay, body).finally(clock.hold());
      return true;
    },
    /** Its run history, newest first, or the only action of a run; `undefined` for any other path. */
    runs(path: string): Reply | undefined {
      if (relay === undefined || !path.startsWith(`${relay.id}/runs`)) return undefined;
      const [name, actions] = path.slice(relay.id.length).split("/").slice(2);
      if (name === undefined)
        return listOf(runs.map(({ name, code, ...properties }) => ({ name, properties })));
      const run = runs.find((each) => each.name === name);
      return run && actions === "actions"
        ? listOf([{ name: "Start_enrichment", properties: { status: run.status, code: run.code } }])
        : undefined;
    },
  };
}

const listOf = (value: readonly object[]): Reply => ({ status: 200, json: { value } });
