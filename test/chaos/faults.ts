import type { Fault, Simulator } from "../../local/simulators/simulator";
import type { Random } from "./random";

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

export type FaultKind = keyof typeof faults;
export const faultKinds = Object.keys(faults) as readonly FaultKind[];
export type FaultCounts = Record<FaultKind, number>;

export const noFaults = (): FaultCounts =>
  Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as FaultCounts;

/** Makes any call of the simulators fail in any way, with this probability, while `isOn`; counts what it did. */
export function injectFaults(
  simulators: readonly Simulator[],
  probability: number,
  random: Random,
  isOn: () => boolean,
): FaultCounts {
  const counts = noFaults();
  for (const simulator of simulators) {
    for (const kind of faultKinds) {
      const match = () => {
        const isChosen = isOn() && random.isTrue(probability / faultKinds.length);
        if (isChosen) counts[kind]++;
        return isChosen;
      };
      simulator.script({ match, fault: faults[kind], times: Number.POSITIVE_INFINITY });
    }
  }
  return counts;
}
