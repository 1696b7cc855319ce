import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleClosings } from "../../../commands/report/sample-closings";
import { realClock } from "../../../local/clock";
import { logAnalyticsReplies } from "../../../local/simulators/log-analytics";
import { type Services, startServices } from "../../../local/simulators/services";
import { folderWithEnvironment, runCommand } from "../../support/command";

let services: Services;
beforeAll(async () => {
  services = await startServices({ clock: realClock() });
});
afterAll(() => services.stop());

/** Never asked: it stands for a deployment, whose keys are in a vault. */
const vault = { KEY_VAULT_URL: "https://kv-test.vault.azure.net" };

const report = (args: readonly string[], settings: Readonly<Record<string, string>> = {}) =>
  runCommand("report/cli.js", [...args, "--environment", "test"], {
    folder: folderWithEnvironment({ ...services.settings, ...vault, ...settings }),
  });

describe("npm run report", () => {
  it("reports on the workspaces of an environment, with its thresholds", async () => {
    services.logAnalytics.answer({ "verdicts-against-closings": sampleClosings });
    const { out, code } = await report(["--since", "24h"], { VIRUSTOTAL_MALICIOUS_FROM: "5,address:10" });
    expect(code).toBe(0);
    expect(out).toMatch(/^Verdicts against closings: 16 incidents of 1 workspace/);
    expect(out).toMatch(/^All +16 +5 +4 +3 +56% +63%$/m);
    expect(out).toMatch(/^ {2}10 \(now\) for address +16/m);
    expect(JSON.parse(services.logAnalytics.requests.at(-1)?.body ?? "")).toMatchObject({ timespan: "P1D" });
  });

  it("prints JSON", async () => {
    services.logAnalytics.answer({ "verdicts-against-closings": sampleClosings });
    const { out } = await report(["--json"]);
    const printed = JSON.parse(out);
    expect(printed).toMatchObject({ days: 30, workspaces: 1, all: { closed: 16 } });
    expect(printed.all.missed.map(({ number }: { number: number }) => number)).toEqual([108, 110, 116]);
    expect(printed.thresholds[0].variants[0]).toMatchObject({ value: 4, isCurrent: false, closed: 16 });
  });

  it("says which workspace could not be read, and why", async () => {
    services.logAnalytics.answer({ "verdicts-against-closings": () => logAnalyticsReplies.forbidden });
    const { error, code } = await report([]);
    expect(code).toBe(1);
    expect(error.replaceAll(/\s+/g, " ")).toMatch(/^\S+: .*may not query the workspace/);
  });

  it("shows made-up incidents without a deployment", async () => {
    const { out, code } = await runCommand("report/cli.js", ["--simulators"]);
    expect(code).toBe(0);
    expect(out).toContain("Malware on a device: 103, 104, 115");
  });

  it("refuses a period that it does not understand", async () => {
    const { error, code } = await runCommand("report/cli.js", ["--since", "a month"]);
    expect(code).toBe(2);
    expect(error).toContain("--since takes a span of time");
  });
});
