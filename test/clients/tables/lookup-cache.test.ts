import { beforeEach, describe, expect, it } from "vitest";
import { createLookupCache } from "../../../clients/tables/lookup-cache";
import type { Indicator } from "../../../domain/indicators/indicator";
import type { Claim, ClaimId, LookupCache } from "../../../domain/lookups/lookup-cache";
import type { Answer, Outcome } from "../../../domain/lookups/provider";
import type { Fault } from "../../../local/simulators/simulator";
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
let here: LookupCache;
let there: LookupCache;
beforeEach(async () => {
  clock = manualClock(noon);
  tables = await startTables(clock);
  const instance = () => createLookupCache({ table: openTable(tables.connectionString), now: clock.now });
  [here, there] = [instance(), instance()];
  return () => tables.close();
});

const claimAll = (indicators: readonly Indicator[], cache = here, owner = "run") =>
  cache.claim("virustotal", indicators, owner);

async function claim(cache = here, owner = "run", indicator = file): Promise<Claim> {
  const attempt = await claimAll([indicator], cache, owner);
  const first = attempt.kind === "done" ? attempt.value[0] : undefined;
  if (first) return first;
  throw new Error(`No claim, but ${JSON.stringify(attempt)}`);
}

async function claimIdOf(claiming: Promise<Claim>): Promise<ClaimId> {
  const claim = await claiming;
  if (claim.kind === "claimed") return claim.claimId;
  throw new Error(`Not claimed, but ${JSON.stringify(claim)}`);
}

const settle = (claimId: ClaimId, outcome?: Outcome) => here.settle("virustotal", [{ claimId, outcome }]);
const keep = async (outcome: Outcome | undefined, indicator = file) =>
  settle(await claimIdOf(claim(here, "run", indicator)), outcome);
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
    expect(await recalled(file)).toMatchObject([{ ...outcome, keptSince: expect.any(Number) }]);
    expect(await claim(there)).toMatchObject({ kind: "known", outcome });
    clock.set(noon + hours * hourMs);
    expect(await recalled(file)).toEqual([undefined]);
    expect(await claim(there)).toMatchObject({ kind: "claimed" });
  });

  it.each<[string, Outcome | undefined]>([
    ["a lookup that failed", { kind: "failed", reason: "HTTP 503" }],
    ["one that was not made", { kind: "notChecked", cause: "quota", reason: "spent" }],
    ["one that was not wanted", { kind: "off", reason: "off" }],
    ["one that has not ended", undefined],
  ])("is nothing of %s", async (_, outcome) => {
    await keep(outcome);
    expect(await recalled(file)).toEqual([undefined]);
    expect(tables.rows("Things")).toEqual([]);
  });

  it("is kept apart by provider, kind and value, whatever characters a value has", async () => {
    await keep(answered("malicious"), url);
    const domain: Indicator = { kind: "domain", value: url.value };
    expect(await recalled(file, url, domain)).toMatchObject([undefined, answered("malicious"), undefined]);
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
    expect(await recalled(file, url)).toMatchObject([answered("malicious"), undefined]);
    expect(tables.rows("Things")).toHaveLength(1);
  });
});

describe("a row that cannot be read", () => {
  const kept = answered("malicious");
  it.each<[what: string, state: string]>([
    ["is no JSON", "nonsense"],
    ["is nothing", "null"],
    ["is a list", "[]"],
    ["has no version", JSON.stringify({ outcome: kept })],
    ["is of an older version", JSON.stringify({ version: 1, outcome: kept })],
    ["is of a newer version", JSON.stringify({ version: 3, outcome: kept })],
    ["has no outcome in its outcome", JSON.stringify({ version: 2, outcome: null })],
    ["has an answer without content", JSON.stringify({ version: 2, outcome: { kind: "answered" } })],
    [
      "has a verdict that there is not",
      JSON.stringify({ version: 2, outcome: { kind: "answered", answer: { ...kept, verdict: "good" } } }),
    ],
    [
      "has a link to a script",
      JSON.stringify({
        version: 2,
        outcome: { kind: "notKnown", reason: "no record", link: "javascript:alert(1)" },
      }),
    ],
    [
      "has an outcome that is never kept",
      JSON.stringify({ version: 2, outcome: { kind: "off", reason: "?" } }),
    ],
    ["has an owner that is no text", JSON.stringify({ version: 2, owner: 7 })],
  ])("because it %s is no row, and is overwritten", async (_, state) => {
    await keep(answered("clean"), file);
    const [row] = tables.rows("Things");
    const { PartitionKey: partition, RowKey } = row as { PartitionKey: string; RowKey: string };
    const table = openTable(tables.connectionString);
    const present = await table.read({ partition, row: RowKey });
    if (present.kind !== "done" || !present.value) throw new Error("There is no row to spoil.");
    await table.replace(present.value, { state, expiresAt: noon + hourMs }, present.value.etag);

    expect(await recalled(file)).toEqual([undefined]);
    const other = { kind: "address", value: "93.184.216.34" } as const;
    const claims = await claimAll([file, other], there);
    expect(claims).toMatchObject({ kind: "done", value: [{ kind: "claimed" }, { kind: "claimed" }] });
    if (claims.kind === "done" && claims.value[0]?.kind === "claimed")
      await settle(claims.value[0].claimId, kept);
    expect(await recalled(file)).toMatchObject([kept]);
  });
});

it("an outcome is kept with everything it has", async () => {
  const outcome: Outcome = {
    kind: "answered",
    answer: {
      verdict: "clean",
      reasons: [],
      summary: "a summary",
      link: "https://www.virustotal.com/gui/file/x",
      assessedAt: noon,
      name: "a.exe",
      context: "Win32 EXE",
      hashes: { md5: "a", sha1: "b", sha256: "c" },
      trusted: true,
      weak: true,
      card: { sections: [{ title: "Analyses", rows: [["Malicious", "0"]] }] },
      addedByAnotherChange: 1,
    } as Answer,
  };
  await keep(outcome);
  expect(await recalled(file)).toMatchObject([outcome]);
});

describe("a claim", () => {
  it("is given to one of fifty who come at once", async () => {
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => claim(i % 2 ? here : there, `run ${i}`)),
    );
    expect(all.map(({ kind }) => kind).toSorted()).toEqual([...Array(49).fill("busy"), "claimed"]);
  });

  it("answers the others when it is settled, and lets them try when it is given up", async () => {
    const first = await claimIdOf(claim());
    expect(await claim(there, "other")).toEqual({ kind: "busy" });
    await settle(first);
    await settle(await claimIdOf(claim(there, "other")), answered("clean"));
    expect(await claim()).toMatchObject({ kind: "known", outcome: answered("clean") });
  });

  it("ends after a minute when its owner died, and its owner may come back before", async () => {
    await claimIdOf(claim());
    clock.set(noon + 59_999);
    expect(await claim(there, "other")).toEqual({ kind: "busy" });
    await claimIdOf(claim(there, "run"));
    clock.set(noon + 59_999 + 60_000);
    await claimIdOf(claim(there, "other"));
  });

  it("that was lost to another run changes nothing any more, and the others of its batch are kept", async () => {
    const lost = await claimIdOf(claim());
    const kept = await claimIdOf(claim(here, "run", url));
    clock.set(noon + 60_000);
    const taken = await claimIdOf(claim(there, "other"));
    const outcome = answered("clean");
    await here.settle("virustotal", [
      { claimId: lost, outcome },
      { claimId: kept, outcome },
    ]);
    expect(await claim(here, "third")).toEqual({ kind: "busy" });
    await settle(taken, answered("malicious"));
    expect(await recalled(file, url)).toMatchObject([answered("malicious"), answered("clean")]);
  });

  it("that ends without an outcome passes on how far it has come", async () => {
    const claimId = await claimIdOf(claim());
    await here.settle("virustotal", [{ claimId, outcome: undefined, continuation: "analysis 7" }]);
    expect(await recalled(file)).toEqual([undefined]);
    const next = await claim(there, "other");
    expect(next).toMatchObject({ kind: "claimed", continuation: "analysis 7" });
    expect(await claim(here, "third")).toEqual({ kind: "busy" });
    expect(await claim(here, "other")).toMatchObject({ kind: "claimed", continuation: "analysis 7" });
    clock.set(noon + hourMs);
    expect(await claim(here, "third")).not.toHaveProperty("continuation");
  });

  it.each<Fault>([{ status: 503 }, "dropBefore", "dropAfter"])(
    "is settled by a second write where the first one fails: %j",
    async (fault) => {
      const claimId = await claimIdOf(claim());
      tables.script({ match: () => true, fault });
      await settle(claimId, answered("malicious"));
      expect(await recalled(file)).toMatchObject([answered("malicious")]);
    },
  );

  it("of a batch costs two writes in all, whatever its size", async () => {
    const batch = Array.from({ length: 8 }, (_, i): Indicator => ({ kind: "address", value: `10.0.0.${i}` }));
    await keep(answered("clean"));
    const before = tables.requests.length;
    const claims = await claimAll(batch);
    const claimIds =
      claims.kind === "done" ? claims.value.map((each) => claimIdOf(Promise.resolve(each))) : [];
    const settlements = (await Promise.all(claimIds)).map((claimId, i) => ({
      claimId,
      outcome: { kind: "notKnown", reason: `${i}` } as const,
    }));
    await here.settle("virustotal", settlements);
    expect(tables.requests).toHaveLength(before + 2);
    expect(await recalled(...batch)).toMatchObject(settlements.map(({ outcome }) => outcome));
  });

  it("of a batch is given for each, when some are known or claimed already", async () => {
    await keep(answered("malicious"));
    await claimIdOf(claim(there, "other", url));
    const domain: Indicator = { kind: "domain", value: "example.com" };
    expect(await claimAll([url, domain, file])).toMatchObject({
      kind: "done",
      value: [
        { kind: "busy" },
        { kind: "claimed", claimId: expect.anything() },
        { kind: "known", outcome: answered("malicious") },
      ],
    });
  });
});

describe("without an answer of the table", () => {
  it("nothing is known and nothing is claimed, and there is a reason", async () => {
    tables.script({ match: () => true, fault: { status: 503 }, times: 99 });
    const failed = { kind: "again", reason: "Table storage answered HTTP 503." };
    expect(await claimAll([file, url])).toEqual(failed);
    expect(await here.recall("virustotal", [file, url])).toEqual(failed);
    expect(await here.purge(noon)).toEqual(failed);
  });
});
