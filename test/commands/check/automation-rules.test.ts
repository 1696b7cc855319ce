import { describe, expect, it } from "vitest";
import { check, hoursAgo, startRelay, withDeployment } from "./setup";

describe("npm run check, on rules that do not fire", () => {
  it("names an incident that should have started the relay", () =>
    withDeployment(async (deployed) => {
      const { sentinel } = deployed.services;
      const armId = sentinel.addIncident({ severity: "High", createdTimeUtc: hoursAgo(1) });
      expect(await check(deployed)).toMatch(
        /^failed rules: law-soc: 2 rules start the relay, but incident 1001 \(High\) of \S+ meets the conditions, and nothing has started the relay since: see the line roles/m,
      );
      await startRelay(deployed, armId);
      const lines = await check(deployed);
      expect(lines).toMatch(/^ok rules: law-soc: 2 rules start the relay$/m);
      expect(lines).toMatch(/^ok relay: enabled; latest run \S+: Succeeded$/m);
    }));

  it.each([
    { incident: "of a severity that no rule is for", seed: { severity: "Informational" }, hours: 1 },
    { incident: "that is too new", seed: { severity: "High" }, hours: 0.1 },
    { incident: "that is older than the rule", seed: { severity: "High" }, hours: 30 },
  ])("is silent about an incident $incident", ({ seed, hours }) =>
    withDeployment(async (deployed) => {
      deployed.services.sentinel.addIncident({ ...seed, createdTimeUtc: hoursAgo(hours) });
      expect(await check(deployed)).toMatch(/^note rules: law-soc: 2 rules start the relay, but/m);
    }),
  );
});
