import { expect, it } from "vitest";
import { skippingClock } from "../../local/clock";
import { runOrchestrator } from "../support/run-orchestrator";

const hour = 3600;
const batches = [[{ RowId: "1" }, { RowId: "2" }], [{ RowId: "3" }]];

interface Try {
  readonly batch: number;
  /** Seconds after the start. */
  readonly at: number;
}

/** Sends the batches with an activity that answers so; `undefined`: its worker dies. */
async function send(answer: (each: Try) => object | undefined) {
  const clock = skippingClock();
  const startedAt = clock.now();
  const tries: Try[] = [];
  const { runtimeStatus, output } = await runOrchestrator(
    "sendResults",
    { scope: "a workspace", batches },
    {
      ingestRows: ({ batch }) => {
        const each = { batch, at: (clock.now() - startedAt) / 1000 };
        tries.push(each);
        const given = answer(each);
        if (!given) throw new Error("the worker has died");
        return given;
      },
    },
    clock,
  );
  return { runtimeStatus, output, tries };
}

const done = { kind: "done", value: {} };
const notNow = { kind: "again", reason: "HTTP 403" };

it("Rows are sent batch by batch", async () => {
  const { output, tries } = await send(() => done);
  expect(output).toEqual({ sent: 3, lost: 0 });
  expect(tries.map(({ batch }) => batch)).toEqual([0, 1]);
});

it("A batch is tried for a day, less and less often, in a history that stays small", async () => {
  const { output, tries } = await send(({ at }) => (at < 23 * hour ? notNow : done));
  expect(output).toEqual({ sent: 3, lost: 0 });
  const ofFirst = tries.filter(({ batch }) => batch === 0);
  expect(ofFirst.length).toBeLessThan(70);
  expect(ofFirst.filter(({ at }) => at < 0.5 * hour).length).toBeGreaterThan(5);
});

it("What could not be sent within a day is lost and counted; the run does not fail", async () => {
  const { runtimeStatus, output, tries } = await send(() => notNow);
  expect([runtimeStatus, output]).toEqual(["Completed", { sent: 0, lost: 3 }]);
  expect(tries.at(-1)).toMatchObject({ batch: 1 });
  expect(tries.at(-1)?.at).toBeLessThanOrEqual(24 * hour);
});

it("A batch that is refused for good does not keep the next one", async () => {
  const { output, tries } = await send(({ batch }) =>
    batch === 0 ? { kind: "refused", reason: "HTTP 400" } : done,
  );
  expect(output).toEqual({ sent: 1, lost: 2 });
  expect(tries).toHaveLength(2);
});

it("A worker that dies under it time and again is no reason to lose rows", async () => {
  const { output } = await send(({ at }) => (at < hour ? undefined : done));
  expect(output).toEqual({ sent: 3, lost: 0 });
});
