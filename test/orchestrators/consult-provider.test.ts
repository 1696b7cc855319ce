import { describe, expect, it } from "vitest";
import type { ConsultInput } from "../../activities/consult";
import type { Indicator } from "../../domain/indicator";
import type { Consultation, Quota } from "../../domain/provider";
import { skippingClock } from "../../local/clock";
import { nothingSpent } from "../../orchestrators/allowance";
import type { ConsultProviderInput, ConsultProviderOutput } from "../../orchestrators/consult-provider";
import { runOrchestrator } from "../support/run-orchestrator";

const unlimited: Quota = { perMinute: 0, perDay: 0, perMonth: 0 };
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
    quota?: Quota;
    seconds?: number;
    spent?: ConsultProviderInput["spent"];
  } = {},
) {
  const clock = skippingClock();
  const startedAt = clock.now();
  const asked: Asked[] = [];
  const batches: number[] = [];
  const run = await runOrchestrator(
    "consultProvider",
    {
      incidentId: "i",
      provider: { id: "p", quota: options.quota ?? unlimited },
      indicators: (options.indicators ?? [address(1)]).map((indicator) => ({ indicator })),
      deadline: startedAt + (options.seconds ?? 300) * 1000,
      detail: "worst",
      spent: options.spent ?? nothingSpent,
    } satisfies ConsultProviderInput,
    {
      consult: ({ batch }: ConsultInput) => {
        batches.push(batch.length);
        const at = (clock.now() - startedAt) / 1000;
        const consultations = batch.map(({ indicator: { value }, continuation }) => {
          asked.push({ value, continuation, at });
          const times = asked.filter((other) => other.value === value).length;
          return answer({ value, continuation, at }, times);
        });
        return { consultations };
      },
    },
    clock,
  );
  const output = run.output as ConsultProviderOutput;
  return { asked, batches, lookUps: output.lookUps, output, seconds: (clock.now() - startedAt) / 1000 };
}

describe("consultProvider", () => {
  it("asks about everything at once, in batches of eight, and answers in the order it was asked in", async () => {
    const indicators = addresses(20);
    const { batches, lookUps, asked } = await consult(
      ({ value }) => ({ kind: "final", outcome: { kind: "notKnown", reason: value } }),
      { indicators },
    );
    expect(batches).toEqual([8, 8, 4]);
    expect(asked.every(({ at }) => at < 1)).toBe(true);
    expect(lookUps).toEqual(indicators.map(({ value }) => ({ kind: "notKnown", reason: value })));
  });

  it("takes the kinds of most worth first when a minute does not suffice for all", async () => {
    const indicators: Indicator[] = [
      { kind: "address", value: "a" },
      { kind: "domain", value: "d" },
      { kind: "url", value: "u" },
      { kind: "file", value: "f" },
    ];
    const { asked } = await consult(() => clean, { indicators, quota: { ...unlimited, perMinute: 2 } });
    expect(asked.map(({ value }) => value)).toEqual(["f", "u", "d", "a"]);
    expect(asked.map(({ at }) => at >= 62)).toEqual([false, false, true, true]);
  });

  it("leaves open what the quota does not let through before the deadline, without waiting for nothing", async () => {
    const { lookUps, seconds, output } = await consult(() => clean, {
      indicators: addresses(10),
      quota: { ...unlimited, perMinute: 4 },
      seconds: 100,
    });
    expect(lookUps.map(({ kind }) => kind)).toEqual([...Array(8).fill("answered"), "open", "open"]);
    expect(lookUps[9]).toMatchObject({ cause: "quota" });
    expect(seconds).toBeLessThan(70);
    expect(output.spent.count).toBe(8);
  });

  it("says that the day's quota is spent, and when it returns", async () => {
    const { lookUps } = await consult(() => clean, {
      indicators: addresses(5),
      quota: { ...unlimited, perDay: 3 },
    });
    expect(lookUps.slice(3)).toEqual(
      Array(2).fill({
        kind: "notChecked",
        cause: "quota",
        reason: expect.any(String),
        possibleAt: expect.any(Number),
      }),
    );
  });

  it("counts what an earlier phase has spent", async () => {
    const { asked } = await consult(() => clean, {
      quota: { ...unlimited, perDay: 3 },
      spent: { count: 3, recent: [] },
    });
    expect(asked).toEqual([]);
  });

  it("repeats a fault after 5, 20 and 60 seconds, and then calls it failed", async () => {
    const { asked, lookUps } = await consult(() => again("fault"));
    expect(asked.map(({ at }) => Math.floor(at))).toEqual([0, 5, 25, 85]);
    expect(lookUps).toEqual([{ kind: "failed", reason: "fault for now" }]);
  });

  it("does not let one indicator's fault hold the others up", async () => {
    const { lookUps } = await consult(
      ({ value }, times) => (value.endsWith(".1") && times < 3 ? again("fault") : clean),
      {
        indicators: addresses(3),
      },
    );
    expect(lookUps.map(({ kind }) => kind)).toEqual(["answered", "answered", "answered"]);
  });

  it("asks again with the continuation, when the service said", async () => {
    const { asked } = await consult((_asked, times) =>
      times < 3 ? again("pending", 30, `step ${times}`) : clean,
    );
    expect(asked.map(({ continuation }) => continuation)).toEqual([undefined, "step 1", "step 2"]);
    expect(asked.map(({ at }) => Math.floor(at))).toEqual([0, 30, 60]);
  });

  it("leaves an analysis that never ends open, with its continuation, at the deadline", async () => {
    const { lookUps, seconds } = await consult(() => again("pending", 30, "analysis 7"), { seconds: 100 });
    expect(lookUps).toEqual([
      { kind: "open", cause: "pending", reason: "pending for now", continuation: "analysis 7" },
    ]);
    expect(seconds).toBeLessThan(101);
  });

  it("pauses for all when the service says that its quota is spent", async () => {
    const { asked } = await consult(
      ({ value }, times) => (value.endsWith(".0") && times === 1 ? again("quota", 40) : clean),
      {
        indicators: addresses(3),
        quota: { ...unlimited, perMinute: 2 },
      },
    );
    expect(asked.map(({ at }) => Math.floor(at))).toEqual([0, 0, 62, 62]);
    const { asked: unpaced } = await consult((_asked, times) => (times === 1 ? again("quota", 40) : clean));
    expect(unpaced.map(({ at }) => Math.floor(at))).toEqual([0, 40]);
  });

  it("stops asking when the key is rejected, and says the same of everything that is open", async () => {
    const rejected: Consultation = {
      kind: "final",
      outcome: { kind: "notChecked", cause: "key", reason: "see A_KEY" },
    };
    const { asked, lookUps } = await consult(() => rejected, {
      indicators: addresses(10),
      quota: { ...unlimited, perMinute: 4 },
    });
    expect(asked).toHaveLength(4);
    expect(lookUps).toEqual(Array(10).fill({ kind: "notChecked", cause: "key", reason: "see A_KEY" }));
  });

  it("takes a round that died for a fault of each of its look-ups", async () => {
    let rounds = 0;
    const { lookUps } = await consult(() => {
      rounds++;
      if (rounds === 1) throw new Error("out of memory");
      return clean;
    });
    expect(lookUps[0]?.kind).toBe("answered");
    expect(rounds).toBe(2);
  });
});
