import { describe, expect, it } from "vitest";
import { startRun } from "../../activities/start-run";
import type { RunInput, RunStart } from "../../domain/run/run";
import type { OrchestrationInstance } from "../../domain/run/task-hub";
import { fakeTaskHub } from "../support/fake-task-hub";

const output = {
  run: 7,
  commentIds: ["c"],
  tags: ["enriched"],
  findings: [],
  verdict: "clean",
  warnings: [],
};
const start = { eventType: "Update", settings: { alerts: "listen" } } as RunStart;

function starting(instance?: Partial<OrchestrationInstance>, given: RunStart = start) {
  const hub = fakeTaskHub(...(instance ? [{ id: "sentinel-1", ...instance }] : []));
  const input = { target: { orchestrator: "enrichIncident", instanceId: "sentinel-1" }, start: given };
  return { hub, answered: startRun(input, { hub, log: () => {} }) };
}

describe("startRun", () => {
  it("starts a run that knows the last one", async () => {
    const { hub, answered } = starting({ state: "ended", succeeded: true, output });
    expect(await answered).toMatchObject({ kind: "started" });
    expect(hub.started[0]?.input).toMatchObject({
      eventType: "Update",
      previous: { run: 7, commentIds: ["c"] },
    });
  });

  it("starts a run that knows nothing of a dry run, which has written nothing, but of the one before it", async () => {
    const ended = { state: "ended", succeeded: true, output } as const;
    const settings = { dryRun: true };
    const first = starting({ ...ended, input: { settings } });
    expect(await first.answered).toMatchObject({ kind: "started" });
    expect(first.hub.started[0]?.input).not.toHaveProperty("previous");
    const later = starting({ ...ended, input: { settings, previous: { run: 3, commentIds: ["a"] } } });
    await later.answered;
    expect(later.hub.started[0]?.input).toMatchObject({ previous: { run: 3, commentIds: ["a"] } });
  });

  it("starts one where there is none any more", async () => {
    const { hub, answered } = starting();
    expect(await answered).toMatchObject({ kind: "started" });
    expect(hub.started[0]?.input).not.toHaveProperty("previous");
  });

  it.each([
    { alerts: "submit", envelope: "{}" },
    { alerts: "listen", envelope: undefined },
  ])(
    "starts a run with the trigger body that the last one keeps only to submit it ($alerts)",
    async (given) => {
      const { alerts, envelope } = given;
      const kept = { state: "ended", succeeded: true, output, input: { envelope: "{}" } } as const;
      const { hub, answered } = starting(kept, {
        ...start,
        settings: { ...start.settings, alerts },
      } as RunStart);
      expect(await answered).toMatchObject({ kind: "started" });
      expect((hub.started[0]?.input as RunInput | undefined)?.envelope).toBe(envelope);
    },
  );

  it.each([
    ["commenting", "later"],
    ["completing", "later"],
    ["lookingUp", "duplicate"],
  ])("answers for a run that is %s: %s", async (stage, kind) => {
    const { hub, answered } = starting({ customStatus: { stage } });
    expect(await answered).toMatchObject({ kind });
    expect(hub.started).toEqual([]);
  });
});
