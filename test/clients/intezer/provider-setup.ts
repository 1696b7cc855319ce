import { createIntezerProvider, type IntezerProviderOptions } from "../../../clients/intezer/provider";
import type { Indicator } from "../../../domain/indicators/indicator";
import type { Consultation } from "../../../domain/lookups/provider";
import type { IntezerSimulatorOptions } from "../../../local/simulators/intezer";
import type { IntezerFile } from "../../../local/simulators/intezer-data";
import type { Script } from "../../../local/simulators/simulator";
import { startIntezer } from "./setup";

export const hash = "a".repeat(64);
export const file: Indicator = { kind: "file", value: hash };
export const malware: IntezerFile = {
  sha256: hash,
  findings: { verdict: "malicious", sub_verdict: "malicious", family_name: "Cedar" },
};
export const url: Indicator = { kind: "url", value: "http://example.net/" };
export const phishing = {
  summary: { verdict_type: "malicious", verdict_name: "phishing", title: "Malicious URL" },
};

/** Calls whose path has this part. */
export const to =
  (part: string): Script["match"] =>
  ({ path }) =>
    path.includes(part);

/** A provider with its simulator, and ways to follow a lookup to its end. */
export async function startProvider(
  options: Partial<IntezerSimulatorOptions> = {},
  more: Partial<IntezerProviderOptions> = {},
) {
  const intezer = await startIntezer(options);
  const provider = createIntezerProvider({
    client: intezer.client,
    files: true,
    urls: true,
    now: intezer.clock.now,
    ...more,
  });

  /** Consults as the orchestration does, until something other than "pending" comes; waits in seconds. */
  const follow = async (indicator: Indicator, atMost = 50) => {
    const waits: number[] = [];
    let consultation = await provider.consult(indicator);
    while (isPending(consultation) && waits.length < atMost) {
      waits.push(consultation.afterSeconds);
      await intezer.pass(consultation.afterSeconds);
      consultation = await provider.consult(indicator, consultation.continuation);
    }
    return { consultation, waits };
  };
  const outcomeOf = async (indicator: Indicator) => {
    const { consultation } = await follow(indicator);
    return consultation.kind === "final" ? consultation.outcome : consultation;
  };
  return { ...intezer, provider, follow, outcomeOf };
}

/** What the next consultation needs to know of this one. */
export function continuationOf(consultation: Consultation): string | undefined {
  return consultation.kind === "again" ? consultation.continuation : undefined;
}

type Again = Extract<Consultation, { kind: "again" }>;

function isPending(consultation: Consultation): consultation is Again {
  return consultation.kind === "again" && consultation.cause === "pending";
}

export const malicious = { kind: "answered", answer: { verdict: "malicious" } };
