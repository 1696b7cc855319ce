import { describe, expect, it } from "vitest";
import { type OfferTriageInput, offerTriage } from "../../activities/deliver-triage";
import type { OrchestrationInstance } from "../../domain/run/task-hub";
import { fakeTaskHub } from "../support/fake-task-hub";
import { triage } from "../support/reports";

const confirmed = triage("confirmed_threat");

/** What is seen of a run, and the events that it was sent. */
async function offered(
  instance: Partial<OrchestrationInstance>,
  { poll, ...input }: Partial<OfferTriageInput> & { readonly poll?: object } = {},
) {
  const hub = fakeTaskHub(
    { id: "sentinel-1", input: { run: 7 }, ...instance },
    ...(poll ? [{ id: "triage-1-7", input: poll }] : []),
  );
  const raised: string[] = [];
  hub.raise = async (id, name) => void raised.push(`${name} at ${id}`);
  const seen = await offerTriage(
    {
      runInstanceId: "sentinel-1",
      pollInstancePrefix: "triage-1-",
      eventName: "Triaged",
      triage: confirmed,
      isTrusted: true,
      ...input,
    },
    { log: () => {}, hub },
  );
  return { seen, raised };
}
const at = (stage: string, more: object = {}) => ({ customStatus: { stage, ...more } });

describe("offerTriage", () => {
  it.each<[string, Partial<OrchestrationInstance>, object]>([
    ["has not begun", { state: "pending" }, { state: "pending" }],
    ["has said nothing yet", {}, { state: "before", offeredTo: 7 }],
    ["looks up", at("lookingUp"), { state: "before", offeredTo: 7 }],
    ["waits for Intezer", at("waitingForIntezer"), { state: "before", offeredTo: 7 }],
    ["writes its comment", at("commenting", { deliveryId: "d" }), { state: "writing", deliveryId: "d" }],
    ["completes", at("completing", { deliveryId: "d" }), { state: "past", deliveryId: "d" }],
    [
      "has succeeded",
      { state: "ended", succeeded: true, output: { deliveryId: "d", alertId: "a", notChecked: 2 } },
      { state: "ended", deliveryId: "d", notChecked: 2 },
    ],
    [
      "has failed with a triage in hand that it may or may not have written",
      { state: "ended", output: "Error: 403", ...at("commenting", { deliveryId: "d" }) },
      { state: "ended" },
    ],
  ])("shows a run that %s", async (_case, instance, expected) => {
    expect((await offered(instance)).seen).toEqual({ run: 7, isOurs: true, ...expected });
  });

  const raised = ["Triaged at sentinel-1"];

  it("raises the triage once at each run", async () => {
    expect((await offered({})).raised).toEqual(raised);
    expect(await offered({}, { offeredTo: 7 })).toMatchObject({ raised: [], seen: { offeredTo: 7 } });
    expect(await offered({}, { offeredTo: 6 })).toMatchObject({ raised, seen: { offeredTo: 7 } });
  });

  it("raises nothing where it may only look", async () => {
    expect((await offered({}, { onlyLook: true })).raised).toEqual([]);
  });

  it("raises what only a webhook names at the run that submitted it, and at no other", async () => {
    const [own, other] = [{ alertId: confirmed.alertId }, { alertId: "other" }];
    expect(await offered({}, { isTrusted: false, poll: own })).toMatchObject({
      raised,
      seen: { isOurs: true },
    });
    for (const poll of [other, undefined])
      expect(await offered({}, { isTrusted: false, ...(poll ? { poll } : {}) })).toMatchObject({
        raised: [],
        seen: { isOurs: false },
      });
  });

  it("shows that there is none", async () => {
    expect((await offered({}, { runInstanceId: "none" })).seen).toEqual({ state: "absent", isOurs: true });
  });
});
