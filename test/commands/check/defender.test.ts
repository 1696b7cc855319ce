import { describe, expect, it } from "vitest";
import { checkDefender, isInDefender } from "../../../commands/check/defender";
import { done } from "../../../domain/attempt";
import { check, withDeployment } from "./setup";

const minuteMs = 60_000;
const now = Date.parse("2026-11-26T12:00:00Z");
const [xdr, sentinel] = ["Microsoft XDR", "Azure Sentinel"];

/** So many of each provider, newest first, a quarter of an hour apart. */
const incidents = (...runs: readonly (readonly [count: number, provider: string])[]) =>
  runs
    .flatMap(([count, provider]) => Array.from({ length: count }, () => provider))
    .map((provider, i) => ({
      number: i,
      severity: "High",
      provider,
      createdAt: now - (i + 1) * 15 * minuteMs,
    }));

interface Case {
  readonly title: string;
  readonly listed: ReturnType<typeof incidents>;
  readonly state: string;
  readonly says: RegExp;
  readonly isOnboarded: boolean;
}

it.each<Case>([
  { title: "no incident", listed: [], state: "off", says: /^no incident shows/, isOnboarded: false },
  {
    title: "one incident, from Defender",
    listed: incidents([1, xdr]),
    state: "ok",
    says: /^onboarded: .*run on Defender's incidents too: 1 incident in 24 h\. RECONCILE=known/,
    isOnboarded: true,
  },
  {
    title: "fifty incidents of half a day, all from Defender",
    listed: incidents([50, xdr]),
    state: "ok",
    says: /: at least 50 incidents in 24 h/,
    isOnboarded: true,
  },
  {
    title: "the day of the move: ten from Defender after others",
    listed: incidents([10, xdr], [40, sentinel]),
    state: "ok",
    says: /^onboarded since 2026-11-26 09:30 UTC: /,
    isOnboarded: true,
  },
  {
    title: "nine from Defender after others",
    listed: incidents([9, xdr], [1, sentinel]),
    state: "note",
    says: /^perhaps onboarded: /,
    isOnboarded: false,
  },
  {
    title: "Sentinel's own after Defender's, by the connector",
    listed: incidents([1, sentinel], [49, xdr]),
    state: "note",
    says: /^not onboarded: .*31 March 2027/,
    isOnboarded: false,
  },
])("Of $title, npm run check says what follows", ({ listed, state, says, isOnboarded }) => {
  const line = checkDefender(done(listed), { reconcile: "known", now });
  expect(line.state).toBe(state);
  expect(line.text).toMatch(says);
  expect(isInDefender(done(listed))).toBe(isOnboarded);
});

it("Without reconciliation, npm run check says that updates of an onboarded workspace are lost", () => {
  const line = checkDefender(done(incidents([1, xdr])), { reconcile: "off", now });
  expect(line).toMatchObject({ state: "note", text: expect.stringContaining("set it to known") });
});

describe("npm run check, on the Defender portal", () => {
  it("reads on where one incident cannot be read, and knows the provider in any case of letters", () =>
    withDeployment(async (deployed) => {
      const { sentinel } = deployed.services;
      sentinel.addIncident({ providerName: "microsoft xdr", incidentNumber: "12", severity: null });
      sentinel.addIncident({ createdTimeUtc: null });
      expect(await check(deployed)).toMatch(/^ok Defender: law-soc: onboarded: .* 1 incident in 24 h/m);
    }));

  it.each([
    { status: 403, says: "your account may not read this: it needs the role Microsoft Sentinel Reader" },
    { status: 404, says: "it does not exist" },
  ])("says what to do when the incidents' list answers $status", ({ status, says }) =>
    withDeployment(async (deployed) => {
      const match = ({ path }: { readonly path: string }) => path.toLowerCase().endsWith("/incidents");
      deployed.services.sentinel.script({ match, fault: { status, json: {} }, times: 9 });
      expect(await check(deployed)).toMatch(new RegExp(`^failed Defender: law-soc: .*${says}`, "m"));
    }),
  );

  it("says what changes in a workspace that is onboarded", () =>
    withDeployment(async (deployed) => {
      deployed.services.sentinel.addIncident({ providerName: "Microsoft XDR" });
      expect(await check(deployed)).toMatch(
        /^ok Defender: law-soc: onboarded: rules start up to 10 minutes/m,
      );
      const { azure } = deployed;
      azure.update(azure.ids.createdRule, {
        triggeringLogic: {
          isEnabled: true,
          triggersOn: "Incidents",
          triggersWhen: "Created",
          conditions: [
            {
              conditionType: "Property",
              conditionProperties: {
                propertyName: "IncidentTitle",
                operator: "Contains",
                propertyValues: ["phish"],
              },
            },
          ],
        },
      });
      expect(await check(deployed)).toMatch(
        /^failed rules: .*condition on the incident's title, description or provider, which does not hold/m,
      );
    }));
});
