import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkDeployment } from "../../../commands/check/check";
import { deploymentFrom } from "../../../commands/deployment/deployment";
import { skippingClock } from "../../../local/clock";
import { type SimulatedDeployment, startDeployment } from "../../../local/simulators/deployment";
import { isQuery, logAnalyticsReplies } from "../../../local/simulators/log-analytics";

let deployed: SimulatedDeployment;
beforeAll(async () => {
  deployed = await startDeployment(skippingClock());
});
afterAll(() => deployed.stop());

const linesOf = async (values: Readonly<Record<string, string>> = {}) =>
  (await checkDeployment(deploymentFrom({ ...deployed.values, ...values })))
    .map(({ name, state, text }) => `${state} ${name} ${text}\n`)
    .join("");

describe("checkDeployment", () => {
  it("spends no quota and writes nothing", async () => {
    const { virustotal, sentinel, intezer } = deployed.services;
    sentinel.addIncident();
    expect(await linesOf()).not.toMatch(/^failed/m);
    expect(virustotal.requests.every(({ path }) => path.endsWith("overall_quotas"))).toBe(true);
    expect(sentinel.requests.every(({ method }) => method !== "PUT")).toBe(true);
    expect(intezer.analysesStarted()).toBe(0);
  });

  it("says which provider has no key", async () => {
    const { secrets } = deployed.vault;
    const key = secrets.get("intezer-api-key") ?? "";
    secrets.delete("intezer-api-key");
    const lines = await linesOf();
    secrets.set("intezer-api-key", key);
    expect(lines).toMatch(/^off Intezer Intezer has no API key/m);
    expect(lines).toMatch(/^ok vault readable; not set: INTEZER_API_KEY \(secret intezer-api-key/m);
  });

  it("says which logs can be searched for sightings, and which the workspace does not have", async () => {
    const { logs } = deployed.services.logAnalytics;
    expect(await linesOf()).toMatch(
      /^ok sightings .*logs of devices, email, clicks, firewalls, sign-ins can/m,
    );
    logs.onlyLogs("mail", "signIns");
    expect(await linesOf()).toMatch(
      /^ok sightings .*email, sign-ins can be searched; there are none of devices, clicks, firewalls in the last 30 days/m,
    );
    logs.onlyLogs();
    expect(await linesOf()).toMatch(/^off sightings .*none of devices, email, clicks, firewalls, sign-ins/m);
    logs.onlyLogs("devices", "mail", "clicks", "firewall", "signIns");
    expect(await linesOf({ SIGHTINGS: "off" })).toMatch(/^off sightings .*SIGHTINGS=off/m);
  });

  it("fails without the app's address", async () => {
    expect(await linesOf({ AZURE_FUNCTION_APP_URL: "" })).toMatch(/^failed app .*AZURE_FUNCTION_APP_URL/m);
  });

  const forbidden = (code: string) => ({ status: 403, json: { error: { code, message: "no" } } });

  it.each<[string, () => void, RegExp]>([
    [
      "a vault that may not be read",
      () => deployed.vault.script({ match: () => true, fault: forbidden("Forbidden"), times: 9 }),
      /^failed vault .*Key Vault Secrets User.*your account/m,
    ],
    [
      "a workspace that may not be read",
      () =>
        deployed.services.sentinel.script({
          match: ({ path }) => path.endsWith("/incidents"),
          fault: forbidden("AuthorizationFailed"),
        }),
      /^failed incidents law-soc: .*Microsoft Sentinel Reader/m,
    ],
    [
      "logs that may not be queried",
      () =>
        deployed.services.logAnalytics.script({
          match: () => true,
          fault: forbidden("InsufficientAccessError"),
          times: 9,
        }),
      /^failed Sentinel threat intelligence law-soc: .*Log Analytics Reader[\s\S]*^failed Log Analytics law-soc: .*Log Analytics Reader/m,
    ],
    [
      "logs that may not be searched",
      () =>
        deployed.services.logAnalytics.script({
          match: isQuery("sightings:"),
          fault: logAnalyticsReplies.forbidden,
          times: 4,
        }),
      /^failed sightings law-soc: .*Log Analytics Reader/m,
    ],
    [
      "a starter that the platform does not guard",
      () =>
        deployed.front.script({
          match: ({ path }) => path === "/api/incidents",
          fault: { status: 403, json: { error: { code: "CallerNotAllowed", message: "no" } } },
        }),
      /^failed starter .*App Service authentication/m,
    ],
    [
      "a webhook that the platform guards",
      () =>
        deployed.front.script({
          match: ({ path }) => path.startsWith("/api/webhooks"),
          fault: { status: 401, headers: { "www-authenticate": "Bearer" } },
        }),
      /^failed webhook .*exclude the path \/api\/webhooks\/intezer/m,
    ],
    [
      "an app without code",
      () => deployed.front.script({ match: () => true, fault: { status: 404 }, times: 3 }),
      /^failed app GET \/api\/health answered HTTP 404: deploy the code/m,
    ],
    [
      "a spent quota of VirusTotal",
      () =>
        deployed.services.virustotal.script({
          match: ({ path }) => path.includes("overall_quotas"),
          fault: { status: 429 },
        }),
      /^failed VirusTotal .*quota is spent/m,
    ],
  ])("names %s", async (_, break_, line) => {
    break_();
    expect(await linesOf()).toMatch(line);
  });

  it("names both keys when they are rejected", async () => {
    const { secrets } = deployed.vault;
    const good = [...secrets];
    for (const [name] of good) secrets.set(name, "wrong");
    const lines = await linesOf();
    for (const [name, value] of good) secrets.set(name, value);
    expect(lines).toMatch(/^failed VirusTotal .*virustotal-api-key/m);
    expect(lines).toMatch(/^failed Intezer .*intezer-api-key/m);
  });
});
