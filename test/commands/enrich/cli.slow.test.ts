import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { realClock } from "../../../local/clock";
import { startServices } from "../../../local/simulators/services";
import { enrich, enrichBare, folder, noAnalyses, services, useServices } from "./setup";

useServices();

it("prints the app's log when asked", async () => {
  const { error } = await enrich(["8.8.8.8", "--verbose"], noAnalyses);
  expect(error).toContain("Reached a stage { instanceId");
});

it("sends nothing to the results table, which is the deployed app's", async () => {
  const { code } = await enrich(["8.8.8.8"], { ...noAnalyses, RESULTS_TABLE: "on" });
  expect(code).toBe(0);
  expect(services.logIngestion.requests).toEqual([]);
});

describe("A list of indicators", () => {
  it("is enriched, and its comment, written as a page, names no incident", async () => {
    const page = join(folder, "comment.html");
    const { out, code } = await enrich(
      ["commands/enrich/samples/indicators.txt", "--output", page],
      noAnalyses,
    );
    expect(code).toBe(0);
    expect(out).toContain("of 6 indicators are malicious.");
    expect(readFileSync(page, "utf8")).toMatch(
      /^<!doctype html>.*Threat found: \d of 6 indicators are malicious/,
    );
    expect(readFileSync(page, "utf8")).not.toContain("Incident 1001");
    expect(out).not.toContain("Incident 1001");
  });

  it("needs no key with simulators, which say what they are", async () => {
    const { out, error, code } = await enrichBare(["8.8.8.8", "--simulators"]);
    expect(code).toBe(0);
    expect(error).toContain("Simulators answer here: nothing comes from VirusTotal or Intezer.");
    expect(out).toContain("Simulators answer here: nothing comes from VirusTotal or Intezer.");
    expect(out).toContain("No known threat");
  });

  it("keeps within 80 columns, progress included", async () => {
    const { out, error } = await enrichBare([
      "commands/enrich/samples/indicators.txt",
      "commands/enrich/samples/indicators.txt",
      "--simulators",
    ]);
    for (const line of `${out}\n${error}`.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});

it("never takes what a simulator has answered for an answer of the real service", async () => {
  const { AzureWebJobsStorage = "" } = services.settings;
  expect((await enrich(["8.8.8.8"], { ...noAnalyses, AzureWebJobsStorage })).code).toBe(0);
  const elsewhere = await startServices({ clock: realClock() });
  const { VIRUSTOTAL_ENDPOINT = "" } = elsewhere.settings;
  await elsewhere.stop();
  const { out, code } = await enrich(["8.8.8.8"], {
    ...noAnalyses,
    AzureWebJobsStorage,
    VIRUSTOTAL_ENDPOINT,
    FIRST_COMMENT_SECONDS: "1",
    ENRICHMENT_DEADLINE_SECONDS: "2",
  });
  expect(out).toContain("Not checked: VirusTotal gave no usable answer");
  expect(out).not.toContain("Incident 1001");
  expect(code).toBe(4);
});

it("names the incident to enrich in place of one that was merged", async () => {
  const { sentinel } = services;
  const [source, target] = [sentinel.addIncident({}), sentinel.addIncident({})];
  sentinel.merge(source, target);
  const { out, error, code } = await enrich([source]);
  expect([code, out]).toEqual([3, ""]);
  const said = error.replace(/\s+/g, "").toLowerCase();
  expect(said).toContain(`enrichthatone:${target.toLowerCase()}`);
});
