import { readFileSync } from "node:fs";
import { format } from "node:util";
import { beforeEach, describe, expect, it } from "vitest";
import { createConsult, type LookupRequest } from "../../activities/consult";
import { createRecall } from "../../activities/recall";
import { createLookupCache } from "../../clients/tables/lookup-cache";
import { createQuotaLedger } from "../../clients/tables/quota-ledger";
import type { Attempt } from "../../domain/attempt";
import type { Indicator } from "../../domain/indicators/indicator";
import { defined } from "../../domain/json";
import type { Consultation, Provider } from "../../domain/lookups/provider";
import type { QuotaSetting } from "../../domain/lookups/quota";
import type { TableStorageSimulator } from "../../local/simulators/table-storage";
import { openTable, startTables } from "../clients/tables/setup";
import { fakeTaskHub } from "../support/fake-task-hub";
import { manualClock } from "../support/manual-clock";
import { workspaceId } from "../support/requests";
import { isFull } from "../support/tier";

const noon = Date.parse("2026-11-22T12:00:00Z");
const midnight = Date.parse("2026-11-23T00:00:00Z");
const unlimited: QuotaSetting = { perMinute: 0, perDay: 0, perMonth: 0 };
const card = { sections: [{ title: "Analyses", rows: [["Malicious", "0"] as const] }] };
const clean: Consultation = {
  kind: "final",
  outcome: { kind: "answered", answer: { verdict: "clean", reasons: [], summary: "fine", card } },
};
const hub = fakeTaskHub();
const file = (i: number): Indicator => ({ kind: "file", value: `${i}`.padStart(64, "a") });
const request = (i: number, continuation?: string): LookupRequest => ({
  indicator: file(i),
  keepCard: false,
  ...defined({ continuation }),
});

let tables: TableStorageSimulator;
let clock: ReturnType<typeof manualClock>;
beforeEach(async () => {
  clock = manualClock(noon);
  tables = await startTables(clock);
  return () => tables.close();
});

/** A provider that gives scripted answers, with what it was asked. */
function setUp(
  says: (asked: { readonly times: number; readonly continuation: string | undefined }) => Consultation,
  options: {
    readonly quota?: QuotaSetting;
    readonly key?: Attempt<string | undefined>;
    readonly settingsKey?: string;
    readonly endpoint?: string;
    readonly readsFragments?: true;
  } = {},
) {
  const asked: string[] = [];
  /** Each line as Node writes it, which is what reaches the app's log. */
  const logged: string[] = [];
  const log = (...line: readonly unknown[]) => void logged.push(format(...line));
  const invocation = { log, hub };
  const provider: Provider = {
    id: "service",
    title: "Service",
    kinds: ["file"],
    off: {},
    quota: options.quota ?? unlimited,
    ...defined({
      settingsKey: options.settingsKey,
      endpoint: options.endpoint,
      readsFragments: options.readsFragments,
    }),
    keyId: async () => options.key ?? { kind: "done", value: "0123456789abcdef" },
    async consult({ value }, continuation) {
      asked.push(value);
      return says({ times: asked.length, continuation });
    },
  };
  const open = (name: string) => openTable(tables.connectionString, name);
  const outside = {
    providers: [provider],
    cache: createLookupCache({ table: open("Lookups"), now: clock.now }),
    ledger: createQuotaLedger({ table: open("Quota"), now: clock.now }),
    now: clock.now,
  };
  const consult = createConsult(outside);
  const recall = createRecall(outside);
  return {
    asked,
    logged,
    consult: (batch: readonly LookupRequest[], incidentId = "one") =>
      consult({ providerId: "service", incidentId, scope: workspaceId, urgent: false, batch }, invocation),
    recall: (lookups: readonly LookupRequest[]) =>
      recall({ providerId: "service", incidentId: "one", lookups }, invocation),
  };
}

const slim = {
  kind: "final",
  outcome: { kind: "answered", answer: { verdict: "clean", reasons: [], summary: "fine" } },
};

describe("consult", () => {
  it("logs where the key's quota stands, in the words that the workbook looks for", async () => {
    const { consult, logged } = setUp(() => clean, {
      quota: { perMinute: 0, perDay: 500, perMonth: 15_500 },
    });
    const output = await consult([request(1), request(2)]);
    await consult([request(3)], "two");
    const query = readFileSync("infra/workbook/queries/quota-used.kql", "utf8");
    const [prefix = ""] = /(?<=startswith ")[^"]+/.exec(query) ?? [];
    const found = logged
      .filter((line) => line.startsWith(prefix))
      .map((line) =>
        [...query.matchAll(/extract\(@"([^"]+)", 1, Message/g)].map(
          ([, pattern = ""]) => new RegExp(pattern).exec(line)?.[1],
        ),
      );
    expect(found).toEqual([
      ["service", "2", "500", "2", "15500"],
      ["service", "3", "500", "3", "15500"],
    ]);
    expect(Object.keys(output)).toEqual(["consultations"]);
  });

  it("asks about each indicator once, for all incidents", async () => {
    const { consult, asked } = setUp(() => clean);
    await consult([request(1), request(2)]);
    const { consultations } = await consult([request(2), request(3), request(1)], "two");
    expect(asked).toEqual([1, 2, 3].map((i) => file(i).value));
    expect(consultations).toMatchObject([slim, slim, slim]);
  });

  it("asks about a page once for all fragments, unless the provider reads them", async () => {
    const page = (fragment: string): LookupRequest => ({
      indicator: { kind: "url", value: "https://a.example.net/", fragment },
      keepCard: false,
    });
    const { consult, asked } = setUp(() => clean);
    await consult([page("#one")]);
    await consult([page("#two")], "two");
    expect(asked).toHaveLength(1);
    const reader = setUp(() => clean, { readsFragments: true });
    await reader.consult([page("#one")]);
    await reader.consult([page("#two")], "two");
    expect(reader.asked).toHaveLength(2);
  });

  it("asks again once the settings that an answer depends on have changed", async () => {
    await setUp(() => clean, { settingsKey: "5-2" }).consult([request(1)]);
    const { consult, recall, asked } = setUp(() => clean, { settingsKey: "3-1" });
    expect(await recall([request(1)])).toMatchObject({ outcomes: [null] });
    await consult([request(1)]);
    await consult([request(1)], "two");
    expect(asked).toEqual([file(1).value]);
    expect(await recall([request(1)])).toMatchObject({ outcomes: [slim.outcome] });
  });

  it("never takes the answers of a simulator for those of the service", async () => {
    await setUp(() => clean, { endpoint: "http://127.0.0.1:7081/api/v3" }).consult([request(1)]);
    const { consult, recall, asked } = setUp(() => clean, { endpoint: "https://service.example/api/v3" });
    expect(await recall([request(1)])).toMatchObject({ outcomes: [null] });
    await consult([request(1)]);
    expect(asked).toEqual([file(1).value]);
    expect(await recall([request(1)])).toMatchObject({ outcomes: [slim.outcome] });
  });

  it("takes slots for what the cache does not know, and says when the others may be looked up", async () => {
    const { consult, asked } = setUp(() => clean, { quota: { ...unlimited, perMinute: 2 } });
    await consult([request(1)]);
    const { consultations, wait } = await consult([request(1), request(2), request(3)]);
    expect(asked).toHaveLength(2);
    expect(wait).toEqual({ freeAt: noon + 62_000, reason: "the quota of 2 requests a minute is used up" });
    expect(consultations).toMatchObject([
      slim,
      slim,
      { kind: "again", cause: "quota", afterSeconds: 62, reason: wait?.reason },
    ]);
    clock.set(noon + 62_000);
    expect((await consult([request(3)], "two")).consultations).toEqual([slim]);
  });

  it.runIf(isFull)("waits, which is no fault, when others always come first at the ledger", async () => {
    const { consult, asked } = setUp(() => clean, { quota: { ...unlimited, perMinute: 9 } });
    await consult([request(1)]);
    const isLedgerWrite = ({ method, path }: { readonly method: string; readonly path: string }) =>
      method === "PUT" && path.includes("Quota");
    tables.script({ match: isLedgerWrite, fault: { status: 412, json: {} }, times: 1000 });
    const { consultations, wait } = await consult([request(2)]);
    expect(asked).toHaveLength(1);
    expect(wait?.reason).toBe("too many lookups need the key's quota at the same time");
    expect(consultations).toEqual([
      { kind: "again", cause: "quota", afterSeconds: expect.any(Number), reason: wait?.reason },
    ]);
  });

  it("takes a new slot for each attempt", async () => {
    const fault: Consultation = { kind: "again", cause: "fault", afterSeconds: 5, reason: "HTTP 503" };
    const { consult, asked } = setUp(() => fault, { quota: { ...unlimited, perDay: 2 } });
    for (let i = 0; i < 3; i++) await consult([request(1)]);
    expect(asked).toHaveLength(2);
  });

  it("goes on with what another incident has begun", async () => {
    const { consult } = setUp(({ continuation }) =>
      continuation === "analysis 7"
        ? clean
        : { kind: "again", cause: "pending", afterSeconds: 5, reason: "running", continuation: "analysis 7" },
    );
    await consult([request(1)]);
    expect((await consult([request(1)], "two")).consultations).toEqual([slim]);
    expect((await consult([request(1, "analysis 7")])).consultations).toMatchObject([slim]);
  });

  it("asks for nothing new after the service has closed the account, and what has begun goes on", async () => {
    const spent = { kind: "notChecked", cause: "quota", reason: "spent", possibleAt: midnight } as const;
    const { consult, asked } = setUp(({ continuation }) =>
      continuation === undefined ? { kind: "final", outcome: spent } : clean,
    );
    await consult([request(1)]);
    const { consultations } = await consult([request(2), request(3, "analysis 7")], "two");
    expect(consultations).toEqual([{ kind: "final", outcome: spent }, slim]);
    expect(asked).toEqual([file(1).value, file(3).value]);
    clock.set(midnight);
    await consult([request(2)], "two");
    expect(asked).toHaveLength(3);
  });

  it("pauses for all incidents when the service asks for it", async () => {
    const pause: Consultation = { kind: "again", cause: "quota", afterSeconds: 30, reason: "HTTP 429" };
    const { consult, asked } = setUp(({ times }) => (times === 1 ? pause : clean));
    await consult([request(1)]);
    expect((await consult([request(2)], "two")).consultations).toEqual([pause]);
    clock.set(noon + 30_000);
    await consult([request(2)], "two");
    expect(asked).toHaveLength(2);
  });

  it.each<[string, Attempt<string | undefined>, object, number]>([
    [
      "a vault that does not answer",
      { kind: "again", reason: "no answer" },
      { cause: "fault", reason: "no answer" },
      0,
    ],
    [
      "a vault that may not be read",
      { kind: "refused", reason: "no role" },
      { outcome: { kind: "notChecked", cause: "key", reason: "no role" } },
      0,
    ],
    ["no key at all, which the provider itself reports", { kind: "done", value: undefined }, slim, 1],
  ])("says so with %s", async (_, key, expected, calls) => {
    const { consult, asked } = setUp(() => clean, { key, quota: { ...unlimited, perMinute: 4 } });
    expect((await consult([request(1)])).consultations).toMatchObject([expected]);
    expect(asked).toHaveLength(calls);
  });

  it("takes an error in a provider for a fault of that lookup only", async () => {
    const { consult } = setUp(({ times }) => {
      if (times === 1) throw new Error("a bug");
      return clean;
    });
    const { consultations } = await consult([request(1), request(2)]);
    expect(consultations).toMatchObject([{ kind: "again", cause: "fault" }, { kind: "final" }]);
    expect(JSON.stringify(consultations)).not.toContain("a bug");
  });
});

describe("recall", () => {
  it("returns what is known, without surplus cards, and how much a minute holds", async () => {
    const { consult, recall, asked } = setUp(() => clean, { quota: { ...unlimited, perMinute: 7 } });
    await consult([request(2)]);
    const withCard = { ...request(2), keepCard: true };
    expect(await recall([request(1), request(2), withCard])).toMatchObject({
      outcomes: [null, slim.outcome, clean.kind === "final" ? clean.outcome : null],
      perMinute: 7,
    });
    expect(asked).toHaveLength(1);
  });

  it("takes no slots", async () => {
    const { consult, recall, asked } = setUp(() => clean, { quota: { ...unlimited, perMinute: 1 } });
    await recall([request(1)]);
    await consult([request(1)]);
    expect(asked).toHaveLength(1);
  });

  it("knows nothing while the tables do not answer", async () => {
    tables.script({ match: () => true, fault: { status: 503 }, times: 99 });
    expect(await setUp(() => clean).recall([request(1), request(2)])).toEqual({ outcomes: [null, null] });
  });
});
