import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { skippingClock } from "../../../local/clock";
import { type SimulatedDeployment, startDeployment } from "../../../local/simulators/deployment";
import { sampleIncident } from "../../../local/simulators/sample-incident";
import { folderWithEnvironment, runCommand } from "../../support/command";

let deployed: SimulatedDeployment;
beforeAll(async () => {
  deployed = await startDeployment(skippingClock());
});
afterAll(() => deployed.stop());

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** The command on an azd environment that holds the deployment's values and these. */
function check(args: readonly string[] = [], values: Readonly<Record<string, string | undefined>> = {}) {
  const folder = folderWithEnvironment({ ...deployed.values, ...values });
  folders.push(folder);
  return runCommand("check/cli.js", ["--environment", "test", ...args], { folder });
}

describe("npm run check", () => {
  it.concurrent("finds a deployment in order, line by line", async () => {
    deployed.services.sentinel.addIncident(sampleIncident);
    const { out, error, code } = await check();
    expect([code, error]).toEqual([0, ""]);
    expect(out).toMatch(/^ok +settings/m);
    expect(out).toMatch(/^ok +vault +readable$/m);
    expect(out).toMatch(/^ok +VirusTotal +key accepted; requests used: \d+ \(no limit\) today/m);
    expect(out).toMatch(/^ok +Intezer +key accepted; 0 of 1000 file analyses used \(monthly\)/m);
    expect(out).toMatch(/^ok +incidents +law-soc: readable; the newest is number/m);
    expect(out).toMatch(/^ok +entities +law-soc: readable; number \d+ has 12$/m);
    expect(out).toMatch(/^ok +Log Analytics +law-soc/m);
    expect(out).toMatch(/^ok +app: vault +the vault answers$/m);
    expect(out).toMatch(/^ok +starter +the platform refuses a call without a token \(HTTP 401\)$/m);
    expect(out).toMatch(/^ok +webhook +reachable/m);
    for (const key of deployed.vault.secrets.values()) expect(out).not.toContain(key);
  });

  it.concurrent("takes keys from the vault, not from the environment that they were deployed with", async () => {
    const { code } = await check([], { VIRUSTOTAL_API_KEY: "old", INTEZER_API_KEY: "old" });
    expect(code).toBe(0);
  });

  it.concurrent("names all settings that are wrong", async () => {
    const { out, code } = await check([], { SENTINEL_WORKSPACES: "law-soc", DRY_RUN: "perhaps" });
    expect(out).toMatch(/^failed +settings/m);
    expect(out).toContain("SENTINEL_WORKSPACES");
    expect(out).toContain("DRY_RUN");
    expect(code).toBe(1);
  });
});

describe("npm run check -- --incident", () => {
  it.concurrent("prints the time of every hop", async () => {
    const armId = deployed.services.sentinel.addIncident(sampleIncident);
    const { out, error, code } = await check(["--incident", armId]);
    expect([code, error]).toEqual([0, ""]);
    expect(out).toMatch(
      /^ 0:\d\d {2}.*started the relay\n 0:\d\d {2}the relay has passed .*\n 0:\d\d {2}the comment was written\n 0:\d\d {2}the tags were written: enriched, threat-found\n$/,
    );
  });

  it.concurrent("exits with 1 when the relay is not there", async () => {
    const armId = deployed.services.sentinel.addIncident(sampleIncident);
    const { error, code } = await check(["--incident", armId, "--relay", "/subscriptions/other"]);
    expect(error).toContain("the playbook does not exist");
    expect(code).toBe(1);
  });
});

it.concurrent("exits with 2 for wrong usage, and says how it is used", async () => {
  const { error, code } = await check(["--fast"]);
  expect(error).toMatch(/--fast[\s\S]*\n\nUsage: npm run check/);
  expect(code).toBe(2);
});

it.concurrent("prints its usage when asked", async () => {
  const { out, code } = await check(["--help"]);
  expect(out).toContain("--incident ARM_ID");
  expect(code).toBe(0);
});
