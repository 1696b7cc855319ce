import { describe, expect, it } from "vitest";
import type { ConsultInput, ConsultOutput } from "../../activities/consult";
import type { RecallInput, RecallOutput } from "../../activities/recall";
import { type Indicator, indicatorKey } from "../../domain/indicators/indicator";
import { defined } from "../../domain/json";
import type { Consultation, Outcome } from "../../domain/lookups/provider";
import type { QuotaSetting, Wait } from "../../domain/lookups/quota";
import type { Lookup } from "../../domain/report/report";
import { skippingClock } from "../../local/clock";
import type {
  ConsultProviderInput,
  ConsultProviderOutput,
} from "../../orchestrators/steps/consult-providers";
import { open } from "../support/reports";
import { workspaceId } from "../support/requests";
import { runOrchestrator } from "../support/run-orchestrator";

const unlimited: QuotaSetting = { perMinute: 0, perDay: 0, perMonth: 0 };
const clean: Consultation = {
  kind: "final",
  outcome: { kind: "answered", answer: { verdict: "clean", reasons: [], summary: "fine" } },
};
const again = (
  cause: "pending" | "quota" | "fault",
  afterSeconds = 5,
  continuation?: string,
): Consultation => ({
  kind: "again",
  cause,
  afterSeconds,
  reason: `${cause} for now`,
  ...(continuation === undefined ? {} : { continuation }),
});
const address = (i: number): Indicator => ({ kind: "address", value: `93.184.216.${i}` });
const addresses = (count: number) => Array.from({ length: count }, (_, i) => address(i));

interface Asked {
  readonly value: string;
  readonly continuation: string | undefined;
  /** Seconds since the start. */
  readonly at: number;
}

async function consult(
  answer: (asked: Asked, times: number) => Consultation,
  options: {
    indicators?: readonly Indicator[];
    quota?: QuotaSetting;
    bulkSize?: number;
    /** Until the deadline of this phase, and of the whole run. */
    seconds?: number;
    runSeconds?: number;
    /** Seconds after the start at which each batch has to wait for. */
    waitAfter?: (at: number) => number | undefined;
    recall?: (input: RecallInput) => RecallOutput;
  } = {},
) {
  const clock = skippingClock();
  const startedAt = clock.now();
  const asked: Asked[] = [];
  const batches: number[] = [];
  const recalled: number[] = [];
  const seconds = options.seconds ?? 300;
  const indicators = options.indicators ?? [address(1)];
  const waitAt = (at: number): { wait?: Wait } => {
    const wait = options.waitAfter?.(at);
    return wait === undefined
      ? {}
      : { wait: { freeAt: startedAt + wait * 1000, reason: "the quota is used up" } };
  };
  const run = await runOrchestrator(
    "consultProvider",
    {
      incidentId: "i",
      scope: workspaceId,
      work: {
        provider: {
          id: "p",
          quota: options.quota ?? unlimited,
          ...defined({ bulkSize: options.bulkSize }),
        },
        queries: indicators.map((indicator) => ({
          indicator,
          keepCard: false,
          lookup: open("quota", "not asked yet"),
        })),
      },
      urgent: false,
      deadline: startedAt + seconds * 1000,
      until: startedAt + (options.runSeconds ?? seconds) * 1000,
    } satisfies ConsultProviderInput,
    {
      recall: (input: RecallInput) => {
        recalled.push(input.lookups.length);
        return options.recall?.(input) ?? { outcomes: input.lookups.map(() => null), perMinute: 4 };
      },
      consult: ({ batch }: ConsultInput): ConsultOutput => {
        batches.push(batch.length);
        const at = (clock.now() - startedAt) / 1000;
        const consultations = batch.map(({ indicator: { value }, continuation }) => {
          asked.push({ value, continuation, at });
          const times = asked.filter((other) => other.value === value).length;
          return answer({ value, continuation, at }, times);
        });
        return { consultations, ...waitAt(at) };
      },
    },
    clock,
  );
  const output = run.output as ConsultProviderOutput;
  const lookups = indicators.map((indicator) => output.lookups[indicatorKey(indicator)] as Lookup);
  return { asked, batches, recalled, lookups, startedAt, seconds: (clock.now() - startedAt) / 1000 };
}

const paced: QuotaSetting = { ...unlimited, perMinute: 4 };
/** As the ledger of a free key answers: four a minute. */
const nextMinute = (at: number) => at + 62;

describe("consultProvider", () => {
  it("asks about everything at once, in batches of 32, and answers in the order it was asked in", async () => {
    const indicators = addresses(40);
    const { batches, lookups, asked } = await consult(
      ({ value }) => ({ kind: "final", outcome: { kind: "notKnown", reason: value } }),
      { indicators },
    );
    expect(batches).toEqual([32, 8]);
    expect(asked.every(({ at }) => at < 5)).toBe(true);
    expect(lookups).toEqual(indicators.map(({ value }) => ({ kind: "notKnown", reason: value })));
  });

  it("asks in as few calls as a bulk lookup allows, with hashes of every strength at once", async () => {
    const hashes = [64, 40, 32].map((length): Indicator => ({ kind: "file", value: "a".repeat(length) }));
    const indicators = [...hashes, ...addresses(222)];
    const { batches, lookups } = await consult(() => clean, { indicators, bulkSize: 200 });
    expect(batches).toEqual([200, 25]);
    expect(lookups.map(({ kind }) => kind)).toEqual(Array(225).fill("answered"));
  });

  it("takes the worst kinds first when a minute does not suffice for all", async () => {
    const indicators: Indicator[] = (["address", "domain", "url", "file"] as const).flatMap((kind) =>
      Array.from({ length: 3 }, (_, i) => ({ kind, value: `${kind} ${i}` })),
    );
    const { asked } = await consult(() => clean, { indicators, quota: paced, waitAfter: nextMinute });
    expect(asked.map(({ value }) => value.split(" ")[0])).toEqual(
      ["file", "url", "domain", "address"].flatMap((kind) => Array(3).fill(kind)),
    );
    expect(asked.map(({ at }) => Math.floor(at / 62))).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it("answers everything the cache knows before anything is paced", async () => {
    const known: Outcome = { kind: "notKnown", reason: "cached" };
    const { asked, recalled, lookups, seconds } = await consult(() => clean, {
      indicators: addresses(30),
      quota: { ...unlimited, perMinute: "auto" },
      recall: ({ lookups: all }) => ({ outcomes: all.map((_, i) => (i < 27 ? known : null)), perMinute: 4 }),
    });
    expect(recalled).toEqual([30]);
    expect(asked.map(({ value }) => value)).toEqual(["93.184.216.27", "93.184.216.28", "93.184.216.29"]);
    expect(lookups.map(({ kind }) => kind)).toEqual([
      ...Array(27).fill("notKnown"),
      ...Array(3).fill("answered"),
    ]);
    expect(seconds).toBeLessThan(1);
  });

  it("does not ask the cache in a step of its own where nothing is paced, or one batch holds everything", async () => {
    const { recalled } = await consult(() => clean, { indicators: addresses(100) });
    const { recalled: few } = await consult(() => clean, { indicators: addresses(8), quota: paced });
    expect([...recalled, ...few]).toEqual([]);
  });

  it("goes on without the cache when the worker dies over it", async () => {
    const { lookups } = await consult(() => clean, {
      indicators: addresses(10),
      quota: paced,
      recall: () => {
        throw new Error("out of memory");
      },
    });
    expect(lookups.map(({ kind }) => kind)).toEqual(Array(10).fill("answered"));
  });

  it("leaves open what the quota does not let through in this phase, with the reason, without waiting for nothing", async () => {
    const { lookups, seconds } = await consult(() => clean, {
      indicators: addresses(10),
      quota: paced,
      waitAfter: nextMinute,
      seconds: 100,
      runSeconds: 1000,
    });
    expect(lookups.map(({ kind }) => kind)).toEqual([...Array(8).fill("answered"), "open", "open"]);
    expect(lookups[9]).toMatchObject({ cause: "quota", reason: "the quota is used up" });
    expect(seconds).toBeLessThan(70);
  });

  it("says at once what cannot be looked up in this run any more, and when it could", async () => {
    const { lookups, startedAt, seconds } = await consult(() => clean, {
      indicators: addresses(10),
      quota: paced,
      waitAfter: () => 3600,
      seconds: 100,
      runSeconds: 1000,
    });
    expect(lookups.slice(4)).toEqual(
      Array(6).fill({
        kind: "notChecked",
        cause: "quota",
        reason: "the quota is used up",
        possibleAt: startedAt + 3_600_000,
      }),
    );
    expect(seconds).toBeLessThan(1);
  });

  it("repeats a fault after 5, 20 and 60 seconds, and then calls it failed", async () => {
    const { asked, lookups } = await consult(() => again("fault"));
    expect(asked.map(({ at }) => Math.floor(at))).toEqual([0, 5, 25, 85]);
    expect(lookups).toEqual([{ kind: "failed", reason: "fault for now" }]);
  });

  it("does not let one indicator's fault hold the others up", async () => {
    const { lookups } = await consult(
      ({ value }, times) => (value.endsWith(".1") && times < 3 ? again("fault") : clean),
      {
        indicators: addresses(3),
      },
    );
    expect(lookups.map(({ kind }) => kind)).toEqual(["answered", "answered", "answered"]);
  });

  it("asks again with the continuation, when the service said", async () => {
    const { asked } = await consult((_asked, times) =>
      times < 3 ? again("pending", 30, `step ${times}`) : clean,
    );
    expect(asked.map(({ continuation }) => continuation)).toEqual([undefined, "step 1", "step 2"]);
    expect(asked.map(({ at }) => Math.floor(at))).toEqual([0, 30, 60]);
  });

  it("leaves an analysis that never ends open, with its continuation, at the deadline", async () => {
    const { lookups, seconds } = await consult(() => again("pending", 30, "analysis 7"), { seconds: 100 });
    expect(lookups).toMatchObject([
      { kind: "open", cause: "pending", reason: "pending for now", continuation: "analysis 7" },
    ]);
    expect(seconds).toBeLessThan(101);
  });

  it("pauses for all when the service says that its quota is spent", async () => {
    const { asked } = await consult(
      ({ value }, times) => (value.endsWith(".0") && times === 1 ? again("quota", 40) : clean),
      { indicators: addresses(10), quota: paced },
    );
    expect(asked.map(({ at }) => Math.floor(at))).toEqual([0, 0, 0, 0, 40, 40, 40, 40, 40, 40, 40]);
  });

  it("stops asking when the key is rejected, and says the same of everything that is open", async () => {
    const rejected: Consultation = {
      kind: "final",
      outcome: { kind: "notChecked", cause: "key", reason: "see A_KEY" },
    };
    const { asked, lookups } = await consult(() => rejected, {
      indicators: addresses(10),
      quota: paced,
    });
    expect(asked).toHaveLength(4);
    expect(lookups).toEqual(Array(10).fill({ kind: "notChecked", cause: "key", reason: "see A_KEY" }));
  });

  it("takes a round that died for a fault of each of its lookups", async () => {
    let rounds = 0;
    const { lookups } = await consult(() => {
      rounds++;
      if (rounds === 1) throw new Error("out of memory");
      return clean;
    });
    expect(lookups[0]?.kind).toBe("answered");
    expect(rounds).toBe(2);
  });
});
