import { createHash } from "node:crypto";
import type { Fault, Simulator, SimulatorRequest } from "../../local/simulators/simulator";
import { createRandom } from "./random";

const error = (status: number, headers?: Readonly<Record<string, string>>): Fault => ({
  status,
  json: { error: { code: "TransientError", message: "injected" } },
  ...(headers ? { headers } : {}),
});

const faults = {
  delay: { delayMs: 3 },
  dropBefore: "dropBefore",
  dropAfter: "dropAfter",
  cutOff: "cutOff",
  serverError: error(503),
  serverErrorWithRetryAfter: error(500, { "retry-after": "2" }),
  throttled: error(429, { "retry-after": "1.5" }),
  throttledSilently: error(429),
  garbage: {
    status: 200,
    headers: { "content-type": "text/html" },
    text: "<html><title>Sorry</title></html>",
  },
} as const satisfies Readonly<Record<string, Fault>>;

type FaultKind = keyof typeof faults;
export const faultKinds = Object.keys(faults) as readonly FaultKind[];
export type FaultCounts = Record<FaultKind, number>;

export const noFaults = (): FaultCounts =>
  Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as FaultCounts;

/** A call that was made to fail. */
export interface InjectedFault {
  readonly simulator: string;
  readonly kind: FaultKind;
  readonly request: SimulatorRequest;
}

export function countsOf(injected: readonly InjectedFault[]): FaultCounts {
  const counts = noFaults();
  for (const { kind } of injected) counts[kind]++;
  return counts;
}

/**
 * Makes any call of the simulators fail in any way, with this probability, while `isOn`; returns what it does. Whether a
 * call fails depends on the seed, on what is asked and on how often it was asked before, not on who asks first.
 */
export function injectFaults(
  simulators: Readonly<Record<string, Simulator>>,
  probability: number,
  seed: number,
  isOn: () => boolean,
): readonly InjectedFault[] {
  const injected: InjectedFault[] = [];
  for (const [name, simulator] of Object.entries(simulators)) {
    const asked = new Map<string, number>();
    const chosen = new WeakMap<SimulatorRequest, FaultKind | "none">();
    const choose = (request: SimulatorRequest): FaultKind | "none" => {
      const call = `${name} ${request.method} ${request.path} ${request.body}`;
      const times = (asked.get(call) ?? 0) + 1;
      asked.set(call, times);
      const random = createRandom(hashOf(`${seed} ${call} ${times}`));
      return isOn() && random.isTrue(probability) ? random.oneOf(faultKinds) : "none";
    };
    for (const kind of faultKinds) {
      const match = (request: SimulatorRequest) => {
        if (!chosen.has(request)) chosen.set(request, choose(request));
        if (chosen.get(request) !== kind) return false;
        injected.push({ simulator: name, kind, request });
        return true;
      };
      simulator.script({ match, fault: faults[kind], times: Number.POSITIVE_INFINITY });
    }
  }
  return injected;
}

const hashOf = (text: string) => createHash("sha256").update(text).digest().readInt32LE();
