import { beforeEach, describe, expect, it } from "vitest";
import { createQuotaLedger } from "../../../clients/tables/quota-ledger";
import type { QuotaLedger } from "../../../domain/lookups/quota-ledger";
import type { TableStorageSimulator } from "../../../local/simulators/table-storage";
import { manualClock } from "../../support/manual-clock";
import { openTable, startTables } from "./setup";

const noon = Date.parse("2026-11-22T12:00:00Z");
const account = { owner: "virustotal", keyId: "0123456789abcdef" };

let clock: ReturnType<typeof manualClock>;
let tables: TableStorageSimulator;
let here: QuotaLedger;
let there: QuotaLedger;

beforeEach(async () => {
  clock = manualClock(noon);
  tables = await startTables(clock);
  const instance = () => createQuotaLedger({ table: openTable(tables.connectionString), now: clock.now });
  [here, there] = [instance(), instance()];
  return () => tables.close();
});

const takeFrom = async (ledger: QuotaLedger, wanted: number) => {
  const quota = { perMinute: 4, perDay: 0, perMonth: 0 };
  const taken = await ledger.take({ account, quota, wanted, begun: 0, urgent: false });
  return taken.kind === "done" ? taken.value.granted : taken.kind;
};
const writes = () => tables.requests.filter(({ method }) => method !== "GET").length;

describe("what is refused to a key", () => {
  it("is known to every instance until its instant, beside the quota of the key", async () => {
    expect(await there.refusals(account)).toEqual({});
    await here.refuse(account, "a,b", noon + 1_000);
    expect(await takeFrom(here, 3)).toBe(3);
    clock.set(noon + 500);
    await here.refuse(account, "c", noon + 2_000);
    expect(await there.refusals(account)).toEqual({ "a,b": noon + 1_000, c: noon + 2_000 });
    expect(await there.refusals({ ...account, keyId: "another" })).toEqual({});
    expect(await takeFrom(there, 6)).toBe(1);
  });

  it("is forgotten with the next refusal once it no longer counts", async () => {
    await here.refuse(account, "a", noon + 1_000);
    clock.set(noon + 1_000);
    await here.refuse(account, "b", noon + 2_000);
    expect(await there.refusals(account)).toEqual({ b: noon + 2_000 });
  });

  it("is read without a write, and is nothing where the table does not answer", async () => {
    await here.refuse(account, "a", noon + 1_000);
    const before = writes();
    await there.refusals(account);
    expect(writes()).toBe(before);
    tables.script({ match: () => true, fault: { status: 500, text: "" }, times: 100 });
    expect(await there.refusals(account)).toEqual({});
  });

  it.each(["5", '{"a":"tomorrow"}', "[1]"])("is nothing in a row that holds %s", async (refusals) => {
    const table = openTable(tables.connectionString);
    await table.insert(
      { partition: account.owner, row: account.keyId },
      { state: `{"refusals":${refusals}}`, expiresAt: 0 },
    );
    expect(await here.refusals(account)).toEqual({});
  });
});
