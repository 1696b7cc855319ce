import { beforeEach, describe, expect, it } from "vitest";
import { createConsult, type LookupRequest } from "../../activities/consult";
import { createLookupCache } from "../../clients/tables/lookup-cache";
import { createQuotaLedger } from "../../clients/tables/quota-ledger";
import { defined } from "../../domain/json";
import type { BulkProvider, Consultation } from "../../domain/lookups/provider";
import type { TableStorageSimulator } from "../../local/simulators/table-storage";
import { openTable, startTables } from "../clients/tables/setup";
import { fakeTaskHub } from "../support/fake-task-hub";
import { manualClock } from "../support/manual-clock";
import { workspaceId } from "../support/requests";

const clean: Consultation = {
  kind: "final",
  outcome: { kind: "answered", answer: { verdict: "clean", reasons: [], summary: "fine" } },
};
const throttled: Consultation = { kind: "again", cause: "quota", afterSeconds: 30, reason: "HTTP 429" };
const address = (i: number): LookupRequest => ({
  indicator: { kind: "address", value: `93.184.216.${i}` },
  keepCard: false,
});

let tables: TableStorageSimulator;
const clock = manualClock(Date.parse("2026-11-22T12:00:00Z"));
beforeEach(async () => {
  tables = await startTables(clock);
  return () => tables.close();
});

function setUp(says: (call: number) => Consultation, isInternal?: true) {
  const calls: { readonly values: readonly string[]; readonly scope: string }[] = [];
  const provider: BulkProvider = {
    id: "list",
    title: "Own list",
    kinds: ["address"],
    off: {},
    quota: { perMinute: 0, perDay: 0, perMonth: 0 },
    ...defined({ isInternal }),
    bulkSize: 200,
    async consultAll(indicators, scope) {
      calls.push({ values: indicators.map(({ value }) => value), scope });
      return indicators.map(() => says(calls.length));
    },
  };
  const open = (name: string) => openTable(tables.connectionString, name);
  const consult = createConsult({
    providers: [provider],
    cache: createLookupCache({ table: open("Lookups"), now: clock.now }),
    ledger: createQuotaLedger({ table: open("Quota"), now: clock.now }),
    now: clock.now,
  });
  const invocation = { log: () => {}, hub: fakeTaskHub() };
  return {
    calls,
    consult: (batch: readonly LookupRequest[], incidentId = "one") =>
      consult({ providerId: "list", incidentId, scope: workspaceId, urgent: false, batch }, invocation),
  };
}

describe("a provider that answers for many at once", () => {
  it("is asked once for all that the cache does not know, in the incident's workspace", async () => {
    const { consult, calls } = setUp(() => clean);
    const { consultations } = await consult([address(1), address(2), address(3)]);
    expect(consultations).toEqual([clean, clean, clean]);
    expect(calls).toEqual([{ values: ["93.184.216.1", "93.184.216.2", "93.184.216.3"], scope: workspaceId }]);
    await consult([address(3), address(4), address(1)], "two");
    expect(calls[1]?.values).toEqual(["93.184.216.4"]);
    await consult([address(3), address(1)], "three");
    expect(calls).toHaveLength(2);
  });

  it("is asked for all of them again when a call breaks", async () => {
    const { consult } = setUp(() => {
      throw new Error("broken");
    });
    const { consultations } = await consult([address(1), address(2)]);
    expect(consultations).toMatchObject(Array(2).fill({ kind: "again", cause: "fault" }));
  });

  it("is left alone by all runs while its service throttles", async () => {
    const { consult, calls } = setUp(() => throttled);
    await consult([address(1)]);
    const { consultations } = await consult([address(2)], "two");
    expect(consultations).toMatchObject([{ kind: "again", cause: "quota" }]);
    expect(calls).toHaveLength(1);
  });

  it("has no answer kept that comes from the organisation's own data: it may differ in another workspace", async () => {
    const { consult, calls } = setUp(() => clean, true);
    await consult([address(1)]);
    await consult([address(1)], "two");
    expect(calls).toHaveLength(2);
  });
});
