import { readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import { incidentFrom } from "../../../clients/sentinel/arm-id";
import { createSentinelStore } from "../../../clients/sentinel/store";
import type { IncidentRef } from "../../../domain/incident/incident";
import type { IncidentStore } from "../../../domain/incident/incident-store";
import { realClock } from "../../../local/clock";
import { type SentinelSimulatorOptions, startSentinelSimulator } from "../../../local/simulators/sentinel";
import type { Fault, Reply, Script } from "../../../local/simulators/simulator";

/** A simulator that ends with the test, and a store that asks it. */
export async function startSentinel(options: Partial<SentinelSimulatorOptions> = {}) {
  const sentinel = await startSentinelSimulator({ clock: realClock(), ...options });
  onTestFinished(() => sentinel.close());
  return { sentinel, store: storeAt(sentinel.origin) };
}

/** A store whose credential must not be asked. */
export function storeAt(endpoint: string, timeoutMs = 5000): IncidentStore {
  const getToken = async () => {
    throw new Error("A simulator is asked without a token.");
  };
  return createSentinelStore({ endpoint, credential: { getToken }, timeoutMs });
}

export function refOf(armId: string): IncidentRef {
  const ref = incidentFrom(armId);
  if (!ref) throw new Error(`Not an incident: ${armId}`);
  return ref;
}

export function fixture(name: string) {
  return JSON.parse(readFileSync(`${__dirname}/../../fixtures/sentinel/${name}`, "utf8"));
}

export function errorReply(name: string): Reply {
  const { status, headers, body } = fixture(name);
  return { status, headers, json: body };
}

/** The next call whose method and path fit gets the fault. */
export function on(method: string, path: string, fault: Fault): Script {
  const match: Script["match"] = (request) =>
    request.method === method && request.path.toLowerCase().includes(path);
  return { match, fault };
}

export const anyCall: Script["match"] = () => true;

export function done(value: unknown) {
  return { kind: "done", value };
}

export function refused(reason: unknown) {
  return { kind: "refused", reason };
}

export function again(reason: string) {
  return { kind: "again", reason };
}
