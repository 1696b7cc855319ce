import { beforeEach, describe, expect, it } from "vitest";
import { createLookUpCache } from "../../../clients/tables/look-up-cache";
import type { Attempt } from "../../../domain/attempt";
import type { Indicator } from "../../../domain/indicator";
import type { Claim, LookUpCache } from "../../../domain/look-up-cache";
import type { Outcome } from "../../../domain/provider";
import type { TableStorageSimulator } from "../../../local/simulators/table-storage";
import { manualClock } from "../../support/manual-clock";
import { openTable, startTables } from "./setup";

const noon = Date.parse("2026-11-22T12:00:00Z");
const hourMs = 3_600_000;
const file: Indicator = { kind: "file", value: "a".repeat(64) };
const url: Indicator = { kind: "url", value: "https://example.com/a?b='c'#/\\" };
const answered = (verdict: "malicious" | "clean" | "unknown"): Outcome => ({
  kind: "answered",
  answer: { verdict, reasons: ["a reason"], summary: "a summary" },
});

let tables: TableStorageSimulator;
let clock: ReturnType<typeof manualClock>;
let here: LookUpCache;
let there: LookUpCache;
beforeEach(async () => {
  clock = manualClock(noon);
  tables = await startTables(clock);
  const instance = () => createLookUpCache({ table: openTable(tables.connectionString), now: clock.now });
  [here, there] = [instance(), instance()];
  return () => tables.close();
});

function claimed(attempt: Attempt<Claim>): Extract<Claim, { kind: "claimed" }> {
  if (attempt.kind === "done" && attempt.value.kind === "claimed") return attempt.value;
  throw new Error(`No claim, but ${JSON.stringify(attempt)}`);
}
const claim = (cache = here, holder = "run", indicator = file) =>
  cache.claim("virustotal", indicator, holder);
const keep = async (outcome: Outcome | undefined, indicator = file) =>
  claimed(await claim(here, "run", indicator)).settle(outcome);
const recalled = async (...indicators: Indicator[]) => {
  const attempt = await there.recall("virustotal", indicators);
  return attempt.kind === "done" ? attempt.value : attempt;
};

describe("what is kept", () => {
  it.each<[string, Outcome, number]>([
    ["a malicious answer for 24 hours", answered("malicious"), 24],
    ["a clean answer for 12 hours", answered("clean"), 12],
    ["an answer that says little for 12 hours", answered("unknown"), 12],
    ["that a service has no record for an hour", { kind: "notKnown", reason: "no record" }, 1],
  ])("is %s", async (_, outcome, hours) => {
    await keep(outcome);
    clock.set(noon + hours * hourMs - 1);
    expect(await recalled(file)).toEqual([outcome]);
    expect(await claim(there)).toEqual({ kind: "done", value: { kind: "known", outcome } });
    clock.set(noon + hours * hourMs);
    expect(await recalled(file)).toEqual([undefined]);
    expect(await claim(there)).toMatchObject({ value: { kind: "claimed" } });
  });

  it.each<[string, Outcome | undefined]>([
    ["a look-up that failed", { kind: "failed", reason: "HTTP 503" }],
    ["one that was not made", { kind: "notChecked", cause: "quota", reason: "spent" }],
    ["one that nobody wanted", { kind: "off", reason: "off" }],
    ["one that has not ended", undefined],
  ])("is nothing of %s", async (_, outcome) => {
    await keep(outcome);
    expect(await recalled(file)).toEqual([undefined]);
    expect(tables.rows("Things")).toEqual([]);
  });

  it("is kept apart by provider, kind and value, whatever characters a value has", async () => {
    await keep(answered("malicious"), url);
    const domain: Indicator = { kind: "domain", value: url.value };
    expect(await recalled(file, url, domain)).toEqual([undefined, answered("malicious"), undefined]);
    expect(await there.recall("intezer", [url])).toEqual({ kind: "done", value: [undefined] });
  });

  it("is found for hundreds at once, in their order", async () => {
    const many = Array.from(
      { length: 120 },
      (_, i): Indicator => ({ kind: "address", value: `10.0.0.${i}` }),
    );
    await keep(answered("clean"), many[117]);
    const found = await recalled(...many);
    expect(Array.isArray(found) && found.findIndex((outcome) => outcome !== undefined)).toBe(117);
  });

  it("is deleted once it is of no use", async () => {
    await keep(answered("malicious"));
    await keep({ kind: "notKnown", reason: "no record" }, url);
    expect(await here.purge(noon + 2 * hourMs)).toEqual({ kind: "done", value: 1 });
    expect(await recalled(file, url)).toEqual([answered("malicious"), undefined]);
    expect(tables.rows("Things")).toHaveLength(1);
  });
});

describe("a claim", () => {
  it("is given to one of fifty who come at once", async () => {
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => claim(i % 2 ? here : there, `run ${i}`)),
    );
    const kinds = all.map((attempt) => (attempt.kind === "done" ? attempt.value.kind : attempt.kind));
    expect(kinds.toSorted()).toEqual([...Array(49).fill("busy"), "claimed"]);
  });

  it("answers the others when it is settled, and lets them try when it is given up", async () => {
    const first = claimed(await claim());
    expect(await claim(there, "other")).toEqual({ kind: "done", value: { kind: "busy" } });
    await first.settle(undefined);
    await claimed(await claim(there, "other")).settle(answered("clean"));
    expect(await claim()).toEqual({ kind: "done", value: { kind: "known", outcome: answered("clean") } });
  });

  it("ends after a minute when its holder died, and its holder may come back before", async () => {
    claimed(await claim());
    clock.set(noon + 59_999);
    expect(await claim(there, "other")).toMatchObject({ value: { kind: "busy" } });
    claimed(await claim(there, "run"));
    clock.set(noon + 59_999 + 60_000);
    claimed(await claim(there, "other"));
  });

  it("that was lost to somebody else changes nothing any more", async () => {
    const lost = claimed(await claim());
    clock.set(noon + 60_000);
    const taken = claimed(await claim(there, "other"));
    await lost.settle(answered("clean"));
    expect(await claim(here, "third")).toMatchObject({ value: { kind: "busy" } });
    await taken.settle(answered("malicious"));
    expect(await recalled(file)).toEqual([answered("malicious")]);
  });
});

describe("without an answer of the table", () => {
  it("nothing is known and nothing is claimed, and the reason is told", async () => {
    tables.script({ match: () => true, fault: { status: 503 }, times: 99 });
    const failed = { kind: "again", reason: "Table storage answered HTTP 503." };
    expect(await claim()).toEqual(failed);
    expect(await here.recall("virustotal", [file, url])).toEqual(failed);
    expect(await here.purge(noon)).toEqual(failed);
  });
});
