import { expect, it } from "vitest";
import { skippingClock } from "../../local/clock";
import { runOrchestrator } from "../support/run-orchestrator";

it("starts the next run when the present one has ended, however long that takes", async () => {
  const clock = skippingClock();
  const startedAt = clock.now();
  const asked: number[] = [];
  const input = { orchestrator: "enrichIncident", instanceId: "sentinel-1", start: {} };
  const ended = await runOrchestrator(
    "enrichAgain",
    input,
    {
      startRun: (given) => {
        expect(given).toEqual(input);
        asked.push(clock.now() - startedAt);
        return { answer: clock.now() - startedAt < 600_000 ? "busy" : "started" };
      },
    },
    clock,
  );
  expect(ended).toMatchObject({ runtimeStatus: "Completed", output: { answer: "started" } });
  expect(asked[1]).toBeLessThan(10_000);
  expect(asked.length).toBeLessThan(30);
  expect(asked.at(-1)).toBeLessThan(640_000);
});
