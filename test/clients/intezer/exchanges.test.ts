import { expect, it } from "vitest";
import { createIntezerTriage } from "../../../clients/intezer/triage";
import { incidentFrom } from "../../../clients/sentinel/arm-id";
import type { Indicator } from "../../../domain/indicators/indicator";
import { verdictOfTriage } from "../../../domain/report/triage";
import type { SimulatorRequest } from "../../../local/simulators/simulator";
import { startProvider } from "./provider-setup";
import { bodyOf, startIntezer } from "./setup";

interface Exchanges {
  readonly indicator: Indicator;
  readonly alertId: string;
  readonly exchanges: readonly {
    readonly request: string;
    readonly status: number;
    readonly body: unknown;
  }[];
}

const scriptsOf = ({ exchanges }: Exchanges) =>
  exchanges.map(({ request, status, body }) => {
    const [methods = "", path = ""] = request.split(" ");
    const match = (call: SimulatorRequest) =>
      methods.split("|").includes(call.method) && call.path.endsWith(path);
    return { match, fault: { status, json: body } };
  });

/** How a lookup ends when Intezer answers as recorded. */
async function outcomeOf(name: string) {
  const recorded = bodyOf(`exchanges/${name}`) as unknown as Exchanges;
  const { simulator, outcomeOf, calls } = await startProvider();
  simulator.script(...scriptsOf(recorded));
  return { outcome: await outcomeOf(recorded.indicator), calls: calls() };
}

it("takes a URL's result without a summary for an answer without a verdict, and asks no more", async () => {
  const { outcome, calls } = await outcomeOf("url-without-summary");
  expect(outcome).toMatchObject({
    kind: "answered",
    answer: {
      verdict: "unknown",
      summary: "no verdict, but a malicious indicator: Phishing kit",
      reasons: ["Verdict missing."],
    },
  });
  expect(calls.filter((call) => call.startsWith("GET /url"))).toHaveLength(1);
});

it("says in the row of a clean URL that an indicator is malicious and the risk score high", async () => {
  const { outcome } = await outcomeOf("url-no-threats-malicious-indicator");
  expect(outcome).toMatchObject({
    kind: "answered",
    answer: {
      verdict: "clean",
      summary: "no threats, but an ApiVoid risk score of 87 and a malicious indicator: Domain is blocklisted",
      reasons: ["Verdict no threats.", "Found suspicious: Young domain."],
    },
  });
});

it("takes a page that Intezer cannot reach for not known", async () => {
  const { outcome } = await outcomeOf("url-unreachable");
  expect(outcome).toEqual({ kind: "notKnown", reason: "The URL was offline when Intezer opened it" });
});

it("reads the verdict of an alert in any case", async () => {
  const recorded = bodyOf("exchanges/alert-verdict-mixed-case") as unknown as Exchanges;
  const { simulator, client, clock } = await startIntezer();
  simulator.script(...scriptsOf(recorded));
  const triage = createIntezerTriage({ incidentFrom, client, now: clock.now });
  const attempt = await triage.readAlert(recorded.alertId);
  const reading = attempt.kind === "done" ? attempt.value : undefined;
  expect(reading).toMatchObject({
    kind: "triaged",
    triage: { verdictTitle: "Confirmed Threat", riskLevel: "High" },
  });
  expect(reading?.kind === "triaged" && verdictOfTriage(reading.triage)).toBe("malicious");
});
