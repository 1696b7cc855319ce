import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createQuotaLedger } from "../../../clients/tables/quota-ledger";
import { createVirusTotal } from "../../../clients/virustotal/provider";
import type { Secret } from "../../../domain/attempt";
import type { Indicator } from "../../../domain/indicators/indicator";
import type { Provider } from "../../../domain/lookups/provider";
import type { TableStorageSimulator } from "../../../local/simulators/table-storage";
import { startVirusTotalSimulator, type VirusTotalSimulator } from "../../../local/simulators/virustotal";
import type { PremiumRelationships } from "../../../local/simulators/virustotal-relationships";
import { knownToVirusTotal } from "../../../local/simulators/virustotal-reports";
import { manualClock } from "../../support/manual-clock";
import { bodyOf, thresholdsOf } from "../../support/virustotal-fixtures";
import { openTable, startTables } from "../tables/setup";

const noon = Date.parse("2026-11-22T12:00:00Z");
const dayMs = 24 * 3_600_000;
const page: Indicator = { kind: "url", value: knownToVirusTotal.maliciousUrl };
const otherPages = Array.from(
  { length: 8 },
  (_, i): Indicator => ({ kind: "url", value: `http://login-update.example.net/${i}` }),
);
const allOfUrl = "last_serving_ip_address,redirects_to";
const freeOfUrl = "last_serving_ip_address";
const allOfFile =
  "contacted_domains,contacted_ips,contacted_urls,dropped_files,bundled_files,execution_parents";
const file: Indicator = { kind: "file", value: knownToVirusTotal.maliciousFile.sha256 };

describe("relationships in the request for a report", () => {
  let clock: ReturnType<typeof manualClock>;
  let tables: TableStorageSimulator;
  let simulator: VirusTotalSimulator;

  const start = async (premiumRelationships?: PremiumRelationships) => {
    await simulator?.close();
    simulator = await startVirusTotalSimulator({
      clock,
      ...(premiumRelationships ? { premiumRelationships } : {}),
    });
  };
  const keyOf = (value: string): Secret => ({
    setting: "VIRUSTOTAL_API_KEY",
    read: async () => ({ kind: "done", value }),
  });
  /** A provider as a process of the app has it. */
  const instance = (key = "the-key", hasRelations = true): Provider => {
    const ledger = createQuotaLedger({ table: openTable(tables.connectionString), now: clock.now });
    return createVirusTotal({
      endpoint: simulator.endpoint,
      key: keyOf(key),
      kinds: ["file", "address", "domain", "url"],
      off: {},
      quota: { perMinute: 0, perDay: 0, perMonth: 0 },
      thresholds: thresholdsOf(5, 2),
      userAgent: "sentinel-incident-enricher/0.0.0",
      now: clock.now,
      ...(hasRelations ? { relations: { ledger } } : {}),
    });
  };
  const asked = () => simulator.requests.map(({ query }) => query.get("relationships") ?? "");
  const since = async (work: Promise<unknown>) => {
    const before = asked().length;
    await work;
    return asked().slice(before);
  };
  const consultAll = (provider: Provider, indicators: readonly Indicator[]) =>
    Promise.all(indicators.map((each) => provider.consult(each)));

  beforeEach(async () => {
    clock = manualClock(noon);
    tables = await startTables(clock);
    await start();
  });
  afterEach(async () => {
    await simulator.close();
    await tables.close();
  });

  it.each<{ readonly indicator: Indicator; readonly names: string }>([
    { indicator: file, names: allOfFile },
    { indicator: page, names: allOfUrl },
    {
      indicator: { kind: "domain", value: knownToVirusTotal.maliciousDomain },
      names: "communicating_files,resolutions",
    },
    {
      indicator: { kind: "address", value: knownToVirusTotal.maliciousAddress },
      names: "communicating_files,resolutions",
    },
  ])("are those of a $indicator.kind, and cost no other request", async ({ indicator, names }) => {
    expect(await instance().consult(indicator)).toMatchObject({
      outcome: { kind: "answered", answer: { related: expect.anything() } },
    });
    expect(asked()).toEqual([names]);
  });

  it("are not asked for where the setting switches them off, under a settings key of its own", async () => {
    const plain = instance("the-key", false);
    await plain.consult(file);
    expect(asked()).toEqual([""]);
    expect(plain.settingsKey).not.toBe(instance().settingsKey);
  });

  it("that are left out of the answer are none", async () => {
    await start("leftOut");
    expect(await instance().consult(page)).toMatchObject({
      outcome: { kind: "answered", answer: { verdict: "malicious" } },
    });
    expect(asked()).toEqual([allOfUrl]);
  });

  it("that are refused cost one request of a batch, a day and a key, for every instance", async () => {
    await start("refused");
    const here = instance();
    const batch = await consultAll(here, [page, ...otherPages]);
    expect(batch[0]).toMatchObject({ outcome: { kind: "answered", answer: { verdict: "malicious" } } });
    expect(asked()).toEqual([allOfUrl, ...Array<string>(9).fill(freeOfUrl)]);

    expect(await since(consultAll(here, otherPages))).toEqual(Array<string>(8).fill(freeOfUrl));
    expect(await since(consultAll(instance(), otherPages))).toEqual(Array<string>(8).fill(freeOfUrl));
    expect(await since(here.consult(file))).toEqual([allOfFile]);

    const ofOtherKey = await since(consultAll(instance("another-key"), otherPages));
    expect(ofOtherKey.filter((names) => names === allOfUrl)).toHaveLength(1);

    clock.set(noon + dayMs);
    const nextDay = await since(consultAll(here, otherPages));
    expect(nextDay.filter((names) => names === allOfUrl)).toHaveLength(1);
    expect(nextDay).toHaveLength(9);
  });

  it("that every key may read and this one is refused are left out of the next request", async () => {
    const refusal = { status: 403, json: bodyOf("error-403-forbidden") };
    simulator.script({ match: ({ query }) => query.has("relationships"), fault: refusal, times: 2 });
    const here = instance();
    expect(await here.consult(page)).toMatchObject({ outcome: { kind: "answered" } });
    expect(asked()).toEqual([allOfUrl, freeOfUrl, ""]);
    expect(await since(instance().consult(page))).toEqual([""]);
  });

  it("are not what a missing right is about that is refused without them as well", async () => {
    const refusal = { status: 403, json: bodyOf("error-403-forbidden") };
    simulator.script({ match: () => true, fault: refusal, times: 10 });
    const here = instance();
    for (const _ of [1, 2])
      expect(await here.consult(file)).toMatchObject({
        outcome: {
          kind: "notChecked",
          cause: "right",
          reason: expect.stringContaining("VIRUSTOTAL_API_KEY"),
        },
      });
    expect(asked()).toEqual([allOfFile, "", ""]);
  });

  it("are asked for again after a fault, which refuses nothing", async () => {
    simulator.script({ match: () => true, fault: { status: 503, json: {} } });
    const here = instance();
    expect(await here.consult(page)).toMatchObject({ kind: "again", cause: "fault" });
    expect(await here.consult(page)).toMatchObject({ outcome: { kind: "answered" } });
    expect(asked()).toEqual([allOfUrl, allOfUrl]);
  });

  it("come without the ledger, too: a table that does not answer ends no lookup", async () => {
    await start("refused");
    const here = instance();
    await tables.close();
    expect(await here.consult(page)).toMatchObject({ outcome: { kind: "answered" } });
    expect(await since(here.consult(page))).toEqual([freeOfUrl]);
    tables = await startTables(clock);
  });
});
