import { expect, it } from "vitest";
import type { Submitted } from "../../activities/submit-alert";
import type { Attempt } from "../../domain/attempt";
import { skippingClock } from "../../local/clock";
import { runOrchestrator } from "../support/run-orchestrator";

const submitted: Attempt<Submitted> = { kind: "done", value: { alertId: "al:1" } };
const untilSeconds = 300;

/** Submits with an activity that answers so, try by try; the last answer stays. `undefined`: its worker dies. */
async function submit(...answers: readonly (Attempt<Submitted> | undefined)[]) {
  const clock = skippingClock();
  const startedAt = clock.now();
  const tries: number[] = [];
  const { runtimeStatus, output } = await runOrchestrator(
    "submitIncident",
    { alert: {}, until: startedAt + untilSeconds * 1000 },
    {
      submitAlert: () => {
        const answer = answers[Math.min(tries.length, answers.length - 1)];
        tries.push((clock.now() - startedAt) / 1000);
        if (!answer) throw new Error("the worker has died");
        return answer;
      },
    },
    clock,
  );
  return { runtimeStatus, output, tries };
}

it("is made again after the pause that Intezer asks for", async () => {
  const { output, tries } = await submit(
    { kind: "again", reason: "HTTP 429", afterSeconds: 60 },
    { kind: "again", reason: "HTTP 503" },
    submitted,
  );
  expect(output).toEqual(submitted);
  const [, second = 0, third = 0] = tries;
  expect(second).toBeGreaterThanOrEqual(59);
  expect(third).toBeLessThan(120);
});

it.each<{
  readonly what: string;
  readonly answers: readonly (Attempt<Submitted> | undefined)[];
  readonly reason: string;
}>([
  {
    what: "Intezer refuses it",
    answers: [{ kind: "refused", reason: "HTTP 403", cause: "key" }],
    reason: "HTTP 403",
  },
  {
    what: "Intezer puts it off until the comment is due",
    answers: [{ kind: "again", reason: "HTTP 503" }],
    reason: "HTTP 503 (given up)",
  },
  {
    what: "the worker dies under it every time",
    answers: [undefined],
    reason: "the submission ended with an internal error, see the app's log",
  },
])("ends with a reason, and not with an error, when $what", async ({ answers, reason }) => {
  const { runtimeStatus, output, tries } = await submit(...answers);
  expect([runtimeStatus, output]).toEqual([
    "Completed",
    expect.objectContaining({ kind: "refused", reason }),
  ]);
  expect(tries.at(-1)).toBeLessThanOrEqual(untilSeconds);
});

it("survives the death of a worker", async () => {
  expect((await submit(undefined, submitted)).output).toEqual(submitted);
});
