import { describe, expect, it } from "vitest";
import { lookAtRun } from "../../activities/look-at-run";
import type { OrchestrationInstance } from "../../domain/run/task-hub";
import { fakeTaskHub } from "../support/fake-task-hub";

const view = (instance: Partial<OrchestrationInstance>, look?: object) => {
  const hub = fakeTaskHub(
    { id: "sentinel-1", input: { run: 7 }, ...instance },
    ...(look ? [{ id: "triage-1-7", input: look }] : []),
  );
  return lookAtRun({ runInstanceId: "sentinel-1", lookInstancePrefix: "triage-1-" }, { log: () => {}, hub });
};
const at = (stage: string, more: object = {}) => ({ customStatus: { stage, ...more } });

describe("lookAtRun", () => {
  it.each<[string, Partial<OrchestrationInstance>, object]>([
    ["has not begun", { state: "pending" }, { state: "pending" }],
    ["has said nothing yet", {}, { state: "before" }],
    ["looks up", at("lookingUp"), { state: "before" }],
    ["waits for Intezer", at("waitingForIntezer"), { state: "before" }],
    ["writes its comment", at("commenting", { deliveryId: "d" }), { state: "writing", deliveryId: "d" }],
    ["completes", at("completing", { deliveryId: "d" }), { state: "past", deliveryId: "d" }],
    [
      "has succeeded",
      { state: "ended", succeeded: true, output: { deliveryId: "d", alertId: "a", notChecked: 2 } },
      { state: "ended", deliveryId: "d", alertId: "a", notChecked: 2 },
    ],
    [
      "has failed with a triage in hand, of which nobody knows whether it was told",
      { state: "ended", output: "Error: 403", ...at("commenting", { deliveryId: "d" }) },
      { state: "ended" },
    ],
  ])("shows a run that %s", async (_case, instance, expected) => {
    expect(await view(instance)).toEqual({ run: 7, ...expected });
  });

  it("knows the alert from the run's own look while the run goes on", async () => {
    expect(await view(at("lookingUp"), { alertId: "a" })).toMatchObject({ state: "before", alertId: "a" });
  });

  it("shows that there is none", async () => {
    const hub = fakeTaskHub();
    const input = { runInstanceId: "sentinel-1", lookInstancePrefix: "triage-1-" };
    expect(await lookAtRun(input, { log: () => {}, hub })).toEqual({ state: "absent" });
  });
});
