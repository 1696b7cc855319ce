import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { createVirusTotal } from "../../../clients/virustotal/provider";
import type { AutoQuota } from "../../../domain/lookups/quota-ledger";
import type { Fault } from "../../../local/simulators/simulator";
import { startVirusTotalSimulator, type VirusTotalSimulator } from "../../../local/simulators/virustotal";
import { manualClock } from "../../support/manual-clock";
import { createVault } from "../../support/vault";
import { thresholdsOf } from "../../support/virustotal-fixtures";

const key = "5ca1ab1e".repeat(8);
const publicKey = { perMinute: 4, perDay: 500, perMonth: 15_500 };
const day = 86_400;

let virustotal: VirusTotalSimulator;
const clock = manualClock(Date.parse("2026-11-22T12:00:00Z"));
beforeEach(async () => {
  virustotal = await startVirusTotalSimulator({ clock, apiKey: key, quota: { perMinute: 10, perDay: 1000 } });
  return () => virustotal.close();
});

function provider(value = key) {
  return createVirusTotal({
    endpoint: virustotal.endpoint,
    key: createVault("VIRUSTOTAL_API_KEY", value).secret,
    kinds: ["address"],
    off: {},
    quota: { perMinute: "auto", perDay: 100, perMonth: 0 },
    thresholds: thresholdsOf(5, 2),
    userAgent: "test/1",
    now: clock.now,
  });
}

const auto = (): AutoQuota => {
  const { auto } = provider();
  if (!auto) throw new Error("nothing is left to the service");
  return auto;
};
const sample = (name: string) =>
  JSON.parse(readFileSync(join(__dirname, `../../fixtures/virustotal/${name}.json`), "utf8")) as unknown;
const pools = (hourly: object, daily: object, monthly: object) => ({
  data: { api_requests_hourly: hourly, api_requests_daily: daily, api_requests_monthly: monthly },
});

describe("the quota of a key", () => {
  it("is what VirusTotal says, where a minute is a sixtieth of an hour", async () => {
    const client = provider();
    await client.consult({ kind: "address", value: "93.184.216.34" });
    expect(await client.auto?.read()).toEqual({
      quota: { perMinute: 10, perDay: 1000, perMonth: 1_000_000_000 },
      used: { day: 1, month: 1 },
      goodForSeconds: day,
    });
  });

  it("is not asked for when all of it is set", () => {
    const client = createVirusTotal({
      endpoint: virustotal.endpoint,
      key: createVault("VIRUSTOTAL_API_KEY", key).secret,
      kinds: [],
      off: {},
      quota: publicKey,
      thresholds: thresholdsOf(5, 2),
      userAgent: "test/1",
      now: clock.now,
    });
    expect(client.auto).toBeUndefined();
  });

  it.each([
    ["a public key", sample("quotas-public"), { quota: publicKey }],
    [
      "a member of a group",
      sample("quotas-group"),
      {
        quota: { perMinute: 30_000, perDay: 1000, perMonth: 1_000_000_000 },
        used: { day: 74, month: 9_650_773 },
      },
    ],
    [
      "a day that is spent",
      sample("quotas-daily-exhausted"),
      { used: expect.objectContaining({ day: 500 }) },
    ],
    [
      "a group, whose pool binds where less is left in it",
      pools(
        { user: { allowed: 60_000, used: 0 }, group: { allowed: 6000, used: 10 } },
        { user: { allowed: 1000, used: 100 }, group: { allowed: 5000, used: 4900, inherited_from: "g" } },
        { user: { allowed: 30_000, used: 1 } },
      ),
      { quota: { perMinute: 100, perDay: 1000, perMonth: 30_000 }, used: { day: 900, month: 1 } },
    ],
    [
      "an account with less than one request a minute",
      pools(
        { user: { allowed: 30, used: 0 } },
        { user: { allowed: 1, used: 0 } },
        { user: { allowed: 31, used: 0 } },
      ),
      { quota: { perMinute: 1, perDay: 1, perMonth: 31 } },
    ],
    [
      "counters of requests that make no sense",
      pools(
        { user: { allowed: 600 } },
        { user: { allowed: 1000, used: -1 } },
        { user: { allowed: 31, used: "?" } },
      ),
      { quota: { perMinute: 10, perDay: 1000, perMonth: 31 }, used: { day: 0, month: 0 } },
    ],
    ["a number that is text", pools({ user: { allowed: "600" } }, {}, {}), { quota: {} }],
  ])("is read for %s", async (_, json, expected) => {
    virustotal.script({ match: () => true, fault: { status: 200, json } });
    expect(await auto().read()).toMatchObject(expected);
  });

  it("leaves out entries that are missing or make no sense", async () => {
    const json = pools({}, { user: { allowed: 0, used: 0 } }, { user: "?" });
    virustotal.script({ match: () => true, fault: { status: 200, json } });
    expect((await auto().read()).quota).toEqual({});
  });

  it.each<[string, Fault, number]>([
    ["403", { status: 403, json: { error: { code: "ForbiddenError" } } }, day],
    ["429", { status: 429, json: { error: { code: "QuotaExceededError" } } }, 600],
    ["HTML", { status: 200, text: "<html>" }, 600],
    ["503", { status: 503 }, 600],
    ["a lost connection", "dropBefore", 600],
  ])("says nothing after %s", async (_, fault, goodForSeconds) => {
    virustotal.script({ match: () => true, fault });
    expect(await auto().read()).toEqual({ quota: {}, goodForSeconds });
  });

  it("says nothing without a key", async () => {
    expect(await provider("").auto?.read()).toEqual({ quota: {}, goodForSeconds: 600 });
    expect(virustotal.requests).toEqual([]);
  });
});

describe("the id of a key", () => {
  it("identifies a key without revealing it", async () => {
    // printf '5ca1ab1e%.0s' 1 2 3 4 5 6 7 8 | sha256sum | cut -c1-16
    expect(await provider().keyId?.()).toEqual({ kind: "done", value: "ddc6e7400c759c08" });
    expect(await provider("another").keyId?.()).not.toEqual(await provider().keyId?.());
  });
});
