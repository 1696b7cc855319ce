import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { realClock } from "../../../local/clock";
import { sampleIncident } from "../../../local/simulators/sample-incident";
import { type Services, startServices } from "../../../local/simulators/services";
import { runCommand } from "../../support/command";

let services: Services;
let folder: string;
beforeAll(async () => {
  const quota = { perMinute: 1000, perDay: 5000, perMonth: 15_500 };
  services = await startServices({ clock: realClock(), virustotal: { quota } });
  folder = mkdtempSync(join(tmpdir(), "enrich-"));
});
afterAll(async () => {
  await services.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The command with the simulators' settings and what is given. */
function enrich(args: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  const { SENTINEL_WORKSPACES, ...known } = services.settings;
  const env = { ...known, VIRUSTOTAL_REQUESTS_PER_MINUTE: "0", ...settings };
  return runCommand("enrich/cli.js", [...args, "--data", folder], { env });
}

/** An analysis takes seconds, and here they pass as usual. */
const noAnalyses = { INTEZER_FILES: "false" };

it("enriches an incident of a file without writing anywhere, and says before what it costs", async () => {
  const { out, error, code } = await enrich(["commands/enrich/samples/incident.json", "--dry-run"], {
    AzureWebJobsStorage: "",
  });
  expect([code, error]).toEqual([0, ""]);
  expect(out).toContain("5 entities");
  expect(out).toMatch(/VirusTotal: 3 lookups \(1 file, 1 URL, 1 address\)/);
  expect(out).toContain("The key has 5000 of 5000 requests left today and 15500 of 15500 this month.");
  expect(out).toMatch(/Intezer: 1 lookup \(1 file\)/);
  expect(out).toMatch(/^ 0:\d\d {2}.*Reached a stage/m);
  expect(out).toContain("Threat found: 2 malicious of 3 indicators; 3 of 3 checked.");
  expect(out).toContain("Tags: enriched, threat-found (a dry run: nothing was written)");
  expect(services.sentinel.requests).toEqual([]);
});

it("enriches a list of indicators, and writes the comment as a page", async () => {
  const page = join(folder, "comment.html");
  const { out, code } = await enrich(
    ["commands/enrich/samples/indicators.txt", "--output", page],
    noAnalyses,
  );
  expect(code).toBe(0);
  expect(out).toContain("malicious of 6 indicators; 6 of 6 checked.");
  expect(readFileSync(page, "utf8")).toMatch(/^<!doctype html>.*6 of 6 checked/);
});

it("enriches an incident of Microsoft Sentinel, whose workspace needs no setting", async () => {
  const armId = services.sentinel.addIncident(sampleIncident);
  const { out, code } = await enrich([armId], noAnalyses);
  expect(code).toBe(0);
  const { comments, tags } = services.sentinel.incident(armId);
  expect(comments).toHaveLength(1);
  expect(tags).toEqual(["enriched", "threat-found"]);
  expect(out).toContain("Threat found");
});

it("ends with 4 when something was not checked", async () => {
  const list = join(folder, "list.txt");
  writeFileSync(list, "93.184.216.34");
  const { out, code } = await enrich([list], { VIRUSTOTAL_API_KEY: "wrong" });
  expect(out).toMatch(/^VirusTotal rejected the API key \(HTTP 401\)/m);
  expect(out).toContain("enrichment-incomplete");
  expect(code).toBe(4);
});

it("ends with 3 when the incident cannot be read", async () => {
  const { error, code } = await enrich([services.sentinel.addIncident().replace(/....$/, "0000")]);
  expect(error).toContain("Microsoft Sentinel could not be read");
  expect(code).toBe(3);
});

const incident = `${"/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/other"}/providers/Microsoft.SecurityInsights/incidents/2f0c8a94-6d1b-4e57-9a3e-7b5c1d20f846`;

it.each([
  ["no incident", [], {}, "One incident has to be named"],
  [
    "no key",
    ["commands/enrich/samples/incident.json"],
    { VIRUSTOTAL_API_KEY: "", INTEZER_API_KEY: "" },
    "no provider has a key",
  ],
  [
    "another workspace",
    [incident],
    { SENTINEL_WORKSPACES: incident.replace(/other.*$/, "mine") },
    "SENTINEL_WORKSPACES",
  ],
])("ends with 2 for %s", async (_, args, settings, message) => {
  const { error, code } = await enrich(args, settings);
  expect(error).toContain(message);
  expect(error).toContain("\n\nUsage: npm run enrich");
  expect(code).toBe(2);
});

it("prints its usage when asked", async () => {
  const { out, code } = await enrich(["--help"]);
  expect(out).toContain("--dry-run");
  expect(code).toBe(0);
});
