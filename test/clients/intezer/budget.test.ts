import { expect, it } from "vitest";
import { createIntezerProvider } from "../../../clients/intezer/provider";
import { createQuotaLedger } from "../../../clients/tables/quota-ledger";
import type { Indicator } from "../../../domain/indicators/indicator";
import { createAnalysisBudget } from "../../../domain/lookups/quota-ledger";
import { openTable, startTables } from "../tables/setup";
import { startIntezer } from "./setup";

const hashOf = (i: number) => `${i}`.padStart(64, "e");
const file = (i: number): Indicator => ({ kind: "file", value: hashOf(i) });

/** A provider with an own budget for the day, and files that Intezer has copies of and has not analysed. */
async function startWithBudget(perDay: number) {
  const intezer = await startIntezer();
  const tables = await startTables(intezer.clock);
  for (let i = 0; i < 5; i++)
    intezer.simulator.addFile({ sha256: hashOf(i), findings: { verdict: "trusted" } });
  const ledger = createQuotaLedger({ table: openTable(tables.connectionString), now: intezer.clock.now });
  const { client, clock } = intezer;
  const budget = createAnalysisBudget(ledger, "intezer", perDay);
  const provider = createIntezerProvider({ client, files: true, urls: false, budget, now: clock.now });
  return { ...intezer, tables, provider };
}

const overBudget = {
  kind: "final",
  outcome: {
    kind: "notChecked",
    cause: "budget",
    reason: "INTEZER_ANALYSES_PER_DAY allows no further analysis: the quota of 2 requests a day is used up",
    possibleAt: expect.any(Number),
  },
};
const pending = { kind: "again", cause: "pending" };

it("starts as many analyses as the budget allows, until the next UTC day", async () => {
  const { provider, simulator, tables, clock, pass } = await startWithBudget(2);
  expect(await provider.consult(file(0))).toMatchObject(pending);
  expect(await provider.consult(file(1))).toMatchObject(pending);
  const denied = await provider.consult(file(2));
  expect(denied).toEqual(overBudget);
  expect(simulator.analysesStarted()).toBe(2);

  const possibleAt =
    denied.kind === "final" && "possibleAt" in denied.outcome ? denied.outcome.possibleAt : 0;
  await pass(((possibleAt ?? 0) - clock.now()) / 1000);
  expect(await provider.consult(file(2))).toMatchObject(pending);
  await tables.close();
});

it("does not count reading, polling, or what Intezer refused to analyse", async () => {
  const { provider, simulator, tables, pass } = await startWithBudget(2);
  expect(await provider.consult(file(99))).toMatchObject({ outcome: { kind: "notKnown" } });
  const first = await provider.consult(file(0));
  const continuation = first.kind === "again" ? first.continuation : undefined;
  await pass(30);
  expect(await provider.consult(file(0), continuation)).toMatchObject({ outcome: { kind: "answered" } });
  expect(await provider.consult(file(0))).toMatchObject({ outcome: { kind: "answered" } });
  expect(await provider.consult(file(1))).toMatchObject(pending);
  expect(await provider.consult(file(2))).toEqual(overBudget);
  expect(simulator.analysesStarted()).toBe(2);
  await tables.close();
});

it("starts nothing while the tables do not answer, and tries again later", async () => {
  const { provider, simulator, tables } = await startWithBudget(2);
  tables.script({ match: () => true, fault: "dropBefore" });
  expect(await provider.consult(file(0))).toMatchObject({
    kind: "again",
    cause: "fault",
    reason: expect.stringContaining("Table storage"),
  });
  expect(simulator.analysesStarted()).toBe(0);
  expect(await provider.consult(file(0))).toMatchObject(pending);
  await tables.close();
});

it("has no continuation when nothing has begun", async () => {
  const { provider, simulator, tables } = await startWithBudget(2);
  simulator.script({ match: ({ path }) => path.includes("/files/"), fault: { status: 429 } });
  const paused = await provider.consult(file(0));
  expect(paused).toMatchObject({ kind: "again", cause: "quota" });
  expect(paused).not.toHaveProperty("continuation");
  await tables.close();
});
