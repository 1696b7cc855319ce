import { afterAll, beforeAll, expect, it } from "vitest";
import { incidentFrom } from "../../../clients/sentinel/arm-id";
import { followIncident } from "../../../commands/check/hops";
import { deploymentFrom } from "../../../commands/deployment/deployment";
import { skippingClock } from "../../../local/clock";
import { type SimulatedDeployment, startDeployment } from "../../../local/simulators/deployment";
import { sampleIncident } from "../../../local/simulators/sample-incident";

const clock = skippingClock();
let deployed: SimulatedDeployment;
beforeAll(async () => {
  deployed = await startDeployment(clock);
});
afterAll(() => deployed.stop());

async function follow(armId: string, relayId = deployed.values.AZURE_RELAY_ID ?? "", waitSeconds = 60) {
  const said: string[] = [];
  const incident = incidentFrom(armId);
  if (!incident) throw new Error(`${armId} is no incident.`);
  const wrong = await followIncident({
    clock,
    deployment: deploymentFrom(deployed.values),
    incident,
    relay: { id: relayId },
    waitSeconds,
    say: (text) => void said.push(text),
  });
  return { said, wrong };
}

it("starts the relay, and says when comment and tags are there", async () => {
  const armId = deployed.services.sentinel.addIncident(sampleIncident);
  expect(await follow(armId)).toEqual({
    said: [
      "Microsoft Sentinel has started the relay",
      "the relay has passed the incident to the app",
      "the comment was written",
      "the tags were written: enriched, threat-found",
    ],
    wrong: undefined,
  });
  expect(deployed.services.sentinel.incident(armId).comments).toHaveLength(1);
});

it("is content with tags when there is nothing to look up", async () => {
  const entities = [{ kind: "Ip", properties: { address: "10.1.2.3" } }];
  const armId = deployed.services.sentinel.addIncident({ entities });
  // The run first waits for entities that can be looked up.
  const { said, wrong } = await follow(armId, undefined, 1_200);
  expect(wrong).toBeUndefined();
  expect(said[2]).toContain("nothing to look up");
});

it("says at once when the relay has failed", async () => {
  deployed.front.script({ match: () => true, fault: { status: 503 } });
  const { said, wrong } = await follow(deployed.services.sentinel.addIncident(sampleIncident));
  expect(said).toEqual(["Microsoft Sentinel has started the relay"]);
  expect(wrong).toMatch(/^The relay's run failed/);
});

it("says where to look when no comment comes, also when the relay's runs may not be read", async () => {
  const { front, services } = deployed;
  front.script({ match: () => true, fault: { status: 202 } });
  services.sentinel.script({
    match: ({ path }) => path.endsWith("/runs"),
    fault: { status: 403 },
    times: 99,
  });
  const { said, wrong } = await follow(services.sentinel.addIncident(sampleIncident));
  expect(said).toHaveLength(1);
  expect(wrong).toMatch(/^There was no comment within 60 s\. The relay's run history/);
});

it("goes on when Sentinel cannot be read for a moment", async () => {
  const { sentinel } = deployed.services;
  const armId = sentinel.addIncident(sampleIncident);
  const reads = { match: ({ path }: { path: string }) => path.endsWith(`${armId.slice(-36)}/comments`) };
  sentinel.script({ ...reads, fault: { delayMs: 0 } }, { ...reads, fault: { status: 429 }, times: 2 });
  expect((await follow(armId)).wrong).toBeUndefined();
});

it("says that an incident is not enriched again so soon", async () => {
  const armId = deployed.services.sentinel.addIncident(sampleIncident);
  await follow(armId);
  expect((await follow(armId)).wrong).toContain("no other run starts within 15 minutes");
});

it("throws when the relay is not there", async () => {
  const armId = deployed.services.sentinel.addIncident();
  await expect(follow(armId, "/subscriptions/other")).rejects.toThrow("the playbook does not exist");
});
