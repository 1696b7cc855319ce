import { beforeEach, describe, expect, it } from "vitest";
import { createQuotaLedger } from "../../../clients/tables/quota-ledger";
import type { Quota, QuotaReading, QuotaSetting } from "../../../domain/lookups/quota";
import type { AutoQuota, QuotaLedger, SlotRequest, Slots } from "../../../domain/lookups/quota-ledger";
import type { TableStorageSimulator } from "../../../local/simulators/table-storage";
import { manualClock } from "../../support/manual-clock";
import { isFull } from "../../support/tier";
import { openTable, startTables } from "./setup";

const noon = Date.parse("2026-11-22T12:00:00Z");
const midnight = Date.parse("2026-11-23T00:00:00Z");
const unlimited: Quota = { perMinute: 0, perDay: 0, perMonth: 0 };
const free: Quota = { perMinute: 4, perDay: 500, perMonth: 15_500 };
const auto: QuotaSetting = { perMinute: "auto", perDay: "auto", perMonth: "auto" };
const account = { owner: "virustotal", keyId: "0123456789abcdef" };

let tables: TableStorageSimulator;
let clock: ReturnType<typeof manualClock>;
let here: QuotaLedger;
let there: QuotaLedger;
beforeEach(async () => {
  clock = manualClock(noon);
  tables = await startTables(clock);
  const instance = () => createQuotaLedger({ table: openTable(tables.connectionString), now: clock.now });
  [here, there] = [instance(), instance()];
  return () => tables.close();
});

const take = (ledger: QuotaLedger, quota: QuotaSetting, wanted: number, more: Partial<SlotRequest> = {}) =>
  ledger.take({ account, quota, wanted, begun: 0, urgent: false, ...more });

async function slots(...asked: Parameters<typeof take>): Promise<Slots> {
  const taken = await take(...asked);
  if (taken.kind === "done") return taken.value;
  throw new Error(`No slots, but ${JSON.stringify(taken)}`);
}

const writes = () =>
  tables.requests.filter(({ method, path }) => method !== "GET" && !path.endsWith("/Tables"));

describe("slots of one key, asked for on two instances", () => {
  it("are never more than the quota in any 62 seconds", async () => {
    const granted: number[] = [];
    for (let second = 0; second < 200; second += 10) {
      clock.set(noon + second * 1000);
      const all = await Promise.all(
        Array.from({ length: 6 }, (_, i) => slots(i % 2 ? here : there, free, 3)),
      );
      for (const each of all) granted.push(...Array<number>(each.granted).fill(second));
    }
    expect(granted).toEqual([0, 70, 140].flatMap((second) => Array(4).fill(second)));
  });

  it("are taken in one write for all that are wanted", async () => {
    const many = { ...free, perMinute: 100 };
    await slots(here, many, 1);
    const before = writes().length;
    expect(await slots(here, many, 8)).toMatchObject({ granted: 8 });
    expect(writes()).toHaveLength(before + 1);
  });

  it("are granted as far as they go, with the time when the next is free", async () => {
    expect(await slots(here, free, 6)).toEqual({
      granted: 4,
      perMinute: 4,
      standing: { usedToday: 4, perDay: 500, usedThisMonth: 4, perMonth: 15_500 },
      wait: { freeAt: noon + 62_000, reason: "the quota of 4 requests a minute is used up" },
    });
    expect(await slots(there, free, 1)).toMatchObject({ granted: 0, wait: { freeAt: noon + 62_000 } });
  });

  it("of a day are counted until midnight in UTC", async () => {
    const daily = { ...unlimited, perDay: 10 };
    clock.set(midnight - 1);
    await slots(here, daily, 8);
    expect(await slots(there, daily, 8)).toMatchObject({ granted: 1, wait: { freeAt: midnight } });
    expect(await slots(there, daily, 8, { urgent: true })).toMatchObject({ granted: 1 });
    clock.set(midnight);
    expect(await slots(there, daily, 8)).toMatchObject({ granted: 8 });
  });

  it("of another key or provider are counted apart", async () => {
    await slots(here, free, 4);
    expect(await slots(here, free, 4, { account: { ...account, keyId: "f".repeat(16) } })).toMatchObject({
      granted: 4,
    });
    expect(await slots(here, free, 4, { account: { ...account, owner: "other" } })).toMatchObject({
      granted: 4,
    });
  });

  it("write nothing where there is no limit, or none is free", async () => {
    expect(await slots(here, unlimited, 1000)).toEqual({ granted: 1000, perMinute: 0 });
    expect(writes()).toEqual([]);
    await slots(here, free, 4);
    const before = writes().length;
    await slots(here, free, 4);
    expect(writes()).toHaveLength(before);
  });

  it("come through however many ask at once", async () => {
    const many = { ...unlimited, perMinute: 1000 };
    const all = await Promise.all(Array.from({ length: 30 }, (_, i) => slots(i % 2 ? here : there, many, 2)));
    expect(all.map(({ granted }) => granted)).toEqual(Array(30).fill(2));
    expect(await slots(here, many, 1000)).toMatchObject({ granted: 940 });
  });

  it("can be given back", async () => {
    const daily = { ...unlimited, perDay: 3 };
    await slots(here, daily, 3);
    await there.giveBack(account, 1);
    expect(await slots(here, daily, 3)).toMatchObject({ granted: 1 });
  });

  it("are not granted without an answer of the table", async () => {
    tables.script({ match: () => true, fault: "dropBefore", times: 99 });
    expect(await take(here, free, 1)).toEqual({ kind: "again", reason: "Table storage: connection lost." });
  });

  it("are not granted when the write did not come through, and are spent when only its answer was lost", async () => {
    await slots(here, free, 1);
    const isWrite = ({ method }: { method: string }) => method === "PUT";
    tables.script({ match: isWrite, fault: "dropBefore" }, { match: isWrite, fault: "dropAfter" });
    expect(await take(here, free, 1)).toMatchObject({ kind: "again" });
    expect(await take(here, free, 1)).toMatchObject({ kind: "again" });
    expect(await slots(here, free, 4)).toMatchObject({ granted: 2 });
  });
});

describe("what a service says", () => {
  it("pauses everything for all callers", async () => {
    await here.pause(account, { freeAt: noon + 60_000, reason: "HTTP 429" });
    await there.pause(account, { freeAt: noon + 7_000, reason: "HTTP 429 again" });
    const wait = { freeAt: noon + 60_000, reason: "HTTP 429" };
    expect(await slots(there, unlimited, 4, { begun: 2 })).toEqual({ granted: 0, perMinute: 0, wait });
    clock.set(noon + 60_000);
    expect(await slots(there, unlimited, 4)).toEqual({ granted: 4, perMinute: 0 });
  });

  it("closes the account for everything new, and what has begun goes on", async () => {
    const closed = { freeAt: midnight, reason: "the account's quota is spent" };
    await here.close(account, closed);
    expect(await slots(there, unlimited, 5, { begun: 2 })).toEqual({ granted: 2, perMinute: 0, closed });
    clock.set(midnight);
    expect(await slots(there, unlimited, 5)).toEqual({ granted: 5, perMinute: 0 });
  });
});

describe("a quota that is left to the service", () => {
  const premium: Quota = { perMinute: 100, perDay: 10_000, perMonth: 1_000_000 };
  let readings: QuotaReading[];
  let asked: number;
  let service: AutoQuota;
  beforeEach(() => {
    asked = 0;
    readings = [{ quota: premium, goodForSeconds: 86_400 }];
    service = {
      assumed: free,
      async read() {
        const reading = readings[Math.min(asked++, readings.length - 1)];
        if (!reading) throw new Error("nothing to report");
        return reading;
      },
    };
  });

  it("is asked for once by all, then goes for a day", async () => {
    expect(await slots(here, auto, 8, { auto: service })).toMatchObject({ granted: 8, perMinute: 100 });
    clock.set(noon + 86_399_000);
    expect(await slots(there, auto, 8, { auto: service })).toMatchObject({ granted: 8 });
    expect(asked).toBe(1);
    clock.set(noon + 86_400_000);
    await slots(there, auto, 8, { auto: service });
    expect(asked).toBe(2);
  });

  it("is assumed by those who come while it is being asked for", async () => {
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, i) => slots(i % 2 ? here : there, auto, 1, { auto: service })),
    );
    expect(asked).toBe(1);
    expect(all.filter(({ granted }) => granted === 1).length).toBeGreaterThanOrEqual(5);
  });

  it("changes nothing that is set", async () => {
    const quota = { ...auto, perMinute: 7 };
    expect(await slots(here, quota, 8, { auto: service })).toMatchObject({ granted: 7, perMinute: 7 });
  });

  it("counts what others have used of the key", async () => {
    readings = [{ quota: free, used: { day: 449, month: 449 }, goodForSeconds: 86_400 }];
    expect(await slots(here, auto, 4, { auto: service })).toMatchObject({
      granted: 1,
      wait: { freeAt: midnight },
    });
  });

  it("is asked for again after the service has refused a request, once in ten minutes", async () => {
    await slots(here, auto, 1, { auto: service });
    for (let minute = 1; minute <= 10; minute++) {
      await there.pause(account, { freeAt: noon + minute * 60_000, reason: "HTTP 429" });
      clock.set(noon + minute * 60_000);
      expect(await slots(here, auto, 1, { auto: service })).toMatchObject({ granted: 1 });
    }
    expect(asked).toBe(2);
    readings = [{ quota: free, used: { day: 500, month: 500 }, goodForSeconds: 86_400 }];
    await there.pause(account, { freeAt: noon + 660_000, reason: "HTTP 429" });
    clock.set(noon + 660_000);
    expect(await slots(here, auto, 1, { auto: service })).toMatchObject({
      granted: 0,
      wait: { freeAt: midnight, reason: expect.stringContaining("500 requests a day") },
    });
    expect(asked).toBe(3);
  });

  it("stays as it is known when a reading fails", async () => {
    await slots(here, auto, 8, { auto: service });
    readings = [{ quota: {}, goodForSeconds: 600 }];
    clock.set(noon + 3_600_000);
    await here.pause(account, { freeAt: clock.now(), reason: "HTTP 429" });
    expect(await slots(there, auto, 8, { auto: service })).toMatchObject({ granted: 8, perMinute: 100 });
    expect(asked).toBe(2);
    clock.set(clock.now() + 599_000);
    expect(await slots(there, auto, 8, { auto: service })).toMatchObject({ granted: 8, perMinute: 100 });
    expect(asked).toBe(2);
    clock.set(clock.now() + 1_000);
    await slots(there, auto, 8, { auto: service });
    expect(asked).toBe(3);
  });

  it("keeps the limits that a later reading does not name", async () => {
    await slots(here, auto, 1, { auto: service });
    readings = [{ quota: { perDay: 20_000 }, goodForSeconds: 86_400 }];
    clock.set(noon + 86_400_000);
    expect(await slots(here, auto, 200, { auto: service })).toMatchObject({ granted: 100, perMinute: 100 });
  });

  it("is assumed as long as the service has never said any", async () => {
    readings = [{ quota: {}, goodForSeconds: 600 }];
    expect(await slots(here, auto, 8, { auto: service })).toMatchObject({ granted: 4, perMinute: 4 });
  });
});

describe("many who ask at once", () => {
  it("all get their slots: 160 on ten instances", async () => {
    const instances = Array.from({ length: 10 }, () =>
      createQuotaLedger({ table: openTable(tables.connectionString), now: clock.now }),
    );
    const quota = { ...unlimited, perMinute: 2000 };
    let waiting = Array.from({ length: 160 }, (_, i) => i);
    while (waiting.length > 0) {
      const all = await Promise.all(waiting.map((i) => slots(instances[i % 10] ?? here, quota, 8)));
      for (const { granted, busy } of all) expect(granted).toBe(busy ? 0 : 8);
      waiting = waiting.filter((_, i) => all[i]?.busy);
    }
    expect(await slots(here, quota, 2000)).toMatchObject({ granted: 2000 - 160 * 8 });
  });

  it("on one instance share a write", async () => {
    const many = { ...unlimited, perMinute: 1000 };
    await slots(here, many, 1);
    const before = writes().length;
    await Promise.all(Array.from({ length: 40 }, () => slots(here, many, 8)));
    expect(writes().length - before).toBe(2);
  });

  it.runIf(isFull)("have to wait when others always come first, and that is no fault", async () => {
    await slots(here, free, 1);
    const isWrite = ({ method }: { method: string }) => method === "PUT";
    const conflict = { status: 412, json: { "odata.error": { code: "UpdateConditionNotSatisfied" } } };
    tables.script({ match: isWrite, fault: conflict, times: 1000 });
    const waited = await slots(here, free, 1);
    expect(waited).toMatchObject({ granted: 0, perMinute: 4, busy: true });
    expect(waited.wait?.freeAt).toBeGreaterThanOrEqual(noon + 1_000);
    expect(waited.wait?.freeAt).toBeLessThanOrEqual(noon + 5_000);
  });
});

describe("a row that cannot be read", () => {
  it.each(["nonsense", "null", "[]", "{}", '{"use":5}', '{"use":{"recent":[],"day":{},"month":{}}}'])(
    "is no row: %s",
    async (state) => {
      const table = openTable(tables.connectionString);
      await table.insert({ partition: account.owner, row: account.keyId }, { state, expiresAt: 0 });
      expect(await slots(here, free, 6)).toMatchObject({ granted: 4 });
      expect(await slots(there, free, 6)).toMatchObject({ granted: 0 });
    },
  );
});
