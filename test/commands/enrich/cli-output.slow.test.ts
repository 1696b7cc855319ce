import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sampleIncident } from "../../../local/simulators/sample-incident";
import { isCommentIn, when } from "../../support/merges";
import { enrich, enrichBare, folder, noAnalyses, services, useServices } from "./setup";

useServices();

it("enriches an incident of a file without writing anywhere, and says before what it costs", async () => {
  const { out, error, code } = await enrich(["commands/enrich/samples/incident.json", "--dry-run"], {
    AzureWebJobsStorage: "",
  });
  expect(code).toBe(0);
  expect(error).toContain(`No storage is configured: using Azurite in ${folder}.`);
  expect(error).toContain("To look up: 1 file, 1 URL, 1 IP address. Left out: 1.");
  expect(error).toMatch(/VirusTotal: 3 lookups \(1 file, 1 URL, 1 IP address\)/);
  expect(error.replaceAll("\n", " ")).toContain(
    "The key has 5000 of 5000 requests left today and 15500 of 15500 this month.",
  );
  expect(error).toMatch(/Intezer: 1 lookup \(1 file\)/);
  expect(error).toMatch(/^ 0:\d\d {2}VirusTotal: 3 answered\.$/m);
  expect(error).not.toContain("Reached a stage");
  expect(out).toContain("Threat found: 2 of 3 indicators are malicious.");
  expect(out.replaceAll("\n", " ")).toContain(
    "Tags: enriched, threat-found (nothing was written to Microsoft Sentinel)",
  );
  expect(services.sentinel.requests).toEqual([]);
});

describe("A list of indicators", () => {
  it("may be arguments, or come by the standard input; a line without an indicator is named and skipped", async () => {
    const { out, error, code } = await enrich(
      ["8.8.8.8", "login-update[.]example[.]net", "-"],
      noAnalyses,
      "138.128.150.133\nnothing of use\n",
    );
    expect(code).toBe(0);
    expect(error.replaceAll("\n", " ")).toContain(
      'Skipped: Line 2: "nothing of use" is not a hash, IP address, domain or URL.',
    );
    expect(out).toContain("2 of 3 indicators are malicious.");
  });

  it("gives one JSON object with --json, and progress beside it", async () => {
    const { out, error, code } = await enrichBare(
      ["8.8.8.8", "10.0.0.1", "-", "--simulators", "--json"],
      "oops",
    );
    expect(code).toBe(0);
    expect(error).toContain("VirusTotal: 1 answered.");
    expect(JSON.parse(out)).toEqual({
      complete: true,
      incident: null,
      written: false,
      simulated: true,
      verdict: "clean",
      indicators: 1,
      malicious: 0,
      suspicious: 0,
      unknown: 0,
      clean: 1,
      notChecked: 0,
      findings: [{ kind: "address", value: "8.8.8.8", verdict: "clean" }],
      tags: ["enriched", "no-known-threat"],
      warnings: [],
      comments: [expect.stringContaining("No known threat")],
      leftOut: [{ entityKind: "Ip", value: "10.0.0.1", reason: "private address" }],
      skipped: [{ source: "-", line: 1, text: "oops" }],
    });
  });
});

it("enriches an incident of Microsoft Sentinel, whose workspace needs no setting", async () => {
  const armId = services.sentinel.addIncident(sampleIncident);
  const { out, error, code } = await enrich([armId], noAnalyses);
  expect(code).toBe(0);
  const { comments, tags } = services.sentinel.incident(armId);
  expect(comments).toHaveLength(1);
  expect(tags).toEqual(["enriched", "threat-found"]);
  expect(error).toContain("Tagged the incident: enriched, threat-found.");
  expect(out).toContain("Threat found");
  expect(out).toMatch(/^Tags: enriched, threat-found$/m);
});

it("shows the comment of an incident that is merged during the run as it is in the target", async () => {
  const { sentinel } = services;
  const [source, target] = [sentinel.addIncident(sampleIncident), sentinel.addIncident()];
  when(sentinel, isCommentIn(source), () => sentinel.merge(source, target));
  const { out } = await enrich([source], noAnalyses);
  expect(out).toContain("which was merged into this one");
  expect(out.replaceAll("\n", " ")).toContain("Warning: The incident was merged into incident");
});

it("exits with 4 when something was not checked, and warns below the comment", async () => {
  const list = join(folder, "list.txt");
  writeFileSync(list, "93.184.216.34");
  const { out, code } = await enrich([list], { VIRUSTOTAL_API_KEY: "wrong" });
  expect(out).toMatch(/^Warning: VirusTotal rejected the API key \(HTTP 401\)/m);
  expect(out).toContain("enrichment-incomplete");
  expect(code).toBe(4);
});

it("exits with 3 when the incident cannot be read", async () => {
  const { error, code } = await enrich([services.sentinel.addIncident().replace(/....$/, "0000")]);
  expect(error).toContain("Microsoft Sentinel could not be read");
  expect(code).toBe(3);
});

const incident =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/other/providers/Microsoft.SecurityInsights/incidents/2f0c8a94-6d1b-4e57-9a3e-7b5c1d20f846";

it.each([
  {
    what: "no key",
    args: ["commands/enrich/samples/incident.json"],
    settings: { VIRUSTOTAL_API_KEY: "", INTEZER_API_KEY: "" },
    message: "or try it with --simulators, which need no key.",
  },
  {
    what: "another workspace",
    args: [incident],
    settings: { SENTINEL_WORKSPACES: incident.replace(/other.*$/, "mine") },
    message: "SENTINEL_WORKSPACES does not name the workspace of this incident.",
  },
])("exits with 2 for $what, without the usage, which would not help", async ({ args, settings, message }) => {
  const { error, code } = await enrich(args, settings);
  expect(error.replaceAll("\n", " ")).toContain(message);
  expect(error).not.toContain("Usage:");
  expect(code).toBe(2);
});

it("exits with 2 for wrong usage, and says how it is used", async () => {
  const { error, code } = await enrich([]);
  expect(error).toContain("Name an incident, a file, or indicators.\n\nUsage: npm run enrich");
  expect(code).toBe(2);
});
