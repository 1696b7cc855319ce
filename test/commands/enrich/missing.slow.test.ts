import { rmSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { realClock } from "../../../local/clock";
import type { IncidentSeed } from "../../../local/simulators/sentinel-incidents";
import { localKeys, type Services, startServices } from "../../../local/simulators/services";
import { type Simulator, startSimulator } from "../../../local/simulators/simulator";
import { folderWithEnvironment, runCommand } from "../../support/command";

let services: Services;
/** Stands for the app: keeps what the relay brings. */
let app: Simulator;
const folders: string[] = [];

async function start(perDay = 0) {
  services = await startServices({ clock: realClock(), virustotal: { quota: { perDay } } });
}
beforeEach(async () => {
  app = await startSimulator({ clock: realClock(), handler: () => ({ status: 202 }) });
});
afterEach(async () => {
  await Promise.all([services.stop(), app.close()]);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const relay = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Logic/workflows/relay";

/** The command on an azd environment; the key comes from the process, since there is no vault. */
function enrichMissing(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  services.sentinel.setRelay({ id: relay, url: app.origin });
  const folder = folderWithEnvironment({});
  folders.push(folder);
  return runCommand("enrich/cli.js", ["--missing", "--since", "24h", ...args], {
    folder,
    env: { ...services.settings, AZURE_RELAY_ID: relay, ...env },
  });
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const address = (last: number) => ({ kind: "Ip", properties: { address: `93.184.216.${last}` } });

function raise(title: string, hours: number, seed: IncidentSeed = {}) {
  services.sentinel.addIncident({ title, createdTimeUtc: hoursAgo(hours), ...seed });
}

/** Titles in the order in which the relay brought them. */
const started = () => app.requests.map(({ body }) => JSON.parse(body).object.properties.title);

it("starts the relay on open incidents without the tag, worst first, then oldest first", async () => {
  await start();
  raise("newer", 1);
  raise("older", 9);
  raise("high", 1, { severity: "High" });
  raise("enriched", 2, { tags: ["enriched", "no-known-threat"], comments: ["Enriched."] });
  raise("closed", 2, { status: "Closed" });
  raise("informational", 2, { severity: "Informational" });
  raise("last week", 170);
  const { out, error, code } = await enrichMissing();
  expect([code, error]).toEqual([0, ""]);
  await expect.poll(started).toHaveLength(3);
  expect(out).toMatch(/^6 incidents since .* UTC; 3 of them open, not enriched or without any comment/);
  expect(out.match(/^\d{4} .*$/gm)?.map((line) => line.split(/\s+/)[1])).toEqual([
    "High",
    "Medium",
    "Medium",
  ]);
  expect(started().toSorted()).toEqual(["high", "newer", "older"]);
  expect(out).toContain("Started 3, failed 0, not started because of --max 0.");
});

it("starts the relay where a run saw no indicator and there is one now", async () => {
  await start();
  const sawNothing = { tags: ["enriched", "verdict-unknown"] };
  raise("late entities", 2, { ...sawNothing, entities: [address(1)] });
  raise("still none", 3, { ...sawNothing, entities: [{ kind: "Account", properties: {} }] });
  raise("commented", 4, { ...sawNothing, entities: [address(2)], comments: ["Enriched."] });
  raise("clean", 5, {
    tags: ["enriched", "no-known-threat"],
    comments: ["Enriched."],
    entities: [address(3)],
  });
  const { out, code } = await enrichMissing();
  expect(code).toBe(0);
  expect(out).toContain("1 enriched incident still without an indicator.");
  expect(out).toContain("Started 1, failed 0");
  await expect.poll(started).toEqual(["late entities"]);
});

it("starts the relay on an incident that got its verdict from one that was merged into it", async () => {
  await start();
  const tags = ["enriched", "threat-found"];
  raise("target of a merge", 2, { tags, entities: [address(1)] });
  raise("commented", 3, { tags, entities: [address(2)], comments: ["Enriched."] });
  const { out, code } = await enrichMissing();
  expect(code).toBe(0);
  expect(out).toContain("Started 1, failed 0");
  await expect.poll(started).toEqual(["target of a merge"]);
});

it("takes a verdict without a comment as it is where only findings are commented on", async () => {
  await start();
  raise("unknown", 2, { tags: ["enriched", "verdict-unknown"], entities: [address(1)] });
  const { out } = await enrichMissing([], { COMMENT_WHEN: "findings" });
  expect(out).toContain("Started 0, failed 0");
});

it("takes the severities and the number that it is given", async () => {
  await start();
  for (const n of [1, 2, 3]) raise(`high ${n}`, n, { severity: "High" });
  raise("low", 1, { severity: "Low" });
  const { out, code } = await enrichMissing(["--severity", "high", "--max", "2"]);
  expect(code).toBe(0);
  expect(out).toContain("Started 2, failed 0, not started because of --max 1.");
  await expect.poll(() => started().toSorted()).toEqual(["high 2", "high 3"]);
});

it("stops at half of the day's quota, counting each indicator once", async () => {
  await start(10);
  raise("three", 9, { entities: [address(1), address(2), address(3)] });
  raise("the same", 8, { entities: [address(1), address(2), address(3)] });
  raise("two more", 7, { entities: [address(4), address(5)] });
  raise("one too many", 6, { entities: [address(6)] });
  raise("another", 5);
  const { out, code } = await enrichMissing();
  expect(out).toContain("0 of 10 requests used today; 5 may be used here.");
  expect(out).toContain("Stopped at half of VirusTotal's daily quota: 2 incidents left.");
  expect(code).toBe(4);
  await expect.poll(() => started().toSorted()).toEqual(["the same", "three", "two more"]);
});

it("begins with nothing when half of the day is spent", async () => {
  await start(2);
  const { endpoint } = services.virustotal;
  await fetch(`${endpoint}/domains/example.org`, { headers: { "x-apikey": localKeys.virustotal } });
  raise("one", 1, { entities: [address(1)] });
  const { out, code } = await enrichMissing();
  expect(out).toContain("1 of 2 requests used today; 0 may be used here.");
  expect(code).toBe(4);
  expect(started()).toEqual([]);
});

it("goes on after an incident that fails, and exits with 3", async () => {
  await start();
  raise("one", 2);
  raise("two", 1);
  services.sentinel.script({
    match: ({ path }) => path.endsWith("/runPlaybook"),
    fault: { status: 403, json: { error: { code: "AuthorizationFailed" } } },
  });
  const { out, code } = await enrichMissing();
  expect(out).toMatch(/failed: Playbooks may not be started: .*Playbook Operator/);
  expect(out).toContain("Started 1, failed 1");
  expect(code).toBe(3);
});

it("exits with 3 when VirusTotal rejects the key", async () => {
  await start();
  raise("one", 1);
  const { error, code } = await enrichMissing([], { VIRUSTOTAL_API_KEY: "wrong" });
  expect(error).toContain("rejected the API key");
  expect(code).toBe(3);
  expect(started()).toEqual([]);
});

it("exits with 2 when the relay is not known", async () => {
  await start();
  const { error, code } = await enrichMissing([], { AZURE_RELAY_ID: "" });
  expect(error).toContain("The relay is not known");
  expect(code).toBe(2);
});
