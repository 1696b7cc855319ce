import { describe, expect, it } from "vitest";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import type { Attempt } from "../../domain/attempt";
import type { IncidentRef } from "../../domain/incident/incident";
import { type AlertReading, deliveryIdOf } from "../../domain/report/triage";
import { skippingClock } from "../../local/clock";
import { triage } from "../support/reports";
import { incidentArmId, incidentId } from "../support/requests";
import { runOrchestrator } from "../support/run-orchestrator";

type Found = Attempt<{ readonly incident?: IncidentRef }>;

const confirmed = triage("confirmed_threat");
const vendorAlertId = "da639057312345678901_-1234567890";
const incident = incidentFrom(incidentArmId) as IncidentRef;
const isFound: Found = { kind: "done", value: { incident } };
const isNowhere: Found = { kind: "done", value: {} };

/** Delivers the triage of a Defender alert. `find` answers the nth look; `minutes` are those of the looks. */
async function deliver(find: (look: number) => Found, defenderAlertIds: readonly string[] | null = []) {
  const clock = skippingClock();
  const minutes: number[] = [];
  const addenda: string[] = [];
  let startedAt = 0;
  const reading: AlertReading = {
    kind: "triaged",
    triage: confirmed,
    ...(defenderAlertIds ? { defenderAlertIds } : {}),
  };
  const { output } = await runOrchestrator(
    "deliverTriage",
    (at) => {
      startedAt = at;
      return { source: "defender", alertId: "al:1", vendorAlertId, until: at + 1_800_000, dryRun: false };
    },
    {
      readAlert: () => ({ kind: "done", value: reading }),
      findIncident: (input) => {
        expect(input).toEqual({ vendorAlertId });
        minutes.push(Math.round((clock.now() - startedAt) / 60_000));
        return find(minutes.length - 1);
      },
      offerTriage: () => ({ state: "absent", isOurs: true }),
      postAddendum: (posted) => {
        addenda.push(posted.incident.incidentId);
        return { kind: "done", value: { answer: "written" } };
      },
      tagIncident: ({ tags }) => ({ kind: "done", value: tags }),
    },
    clock,
  );
  return { output, minutes, addenda };
}

const delivered = { ended: "addendum", deliveryId: deliveryIdOf(confirmed) };

describe("the triage of a Defender alert", () => {
  it("is in the incident that holds the alert", async () => {
    expect(await deliver(() => isFound)).toEqual({ output: delivered, minutes: [0], addenda: [incidentId] });
  });

  it("waits for an incident that appears late in the logs", async () => {
    const ended = await deliver((look) => (look < 3 ? isNowhere : isFound));
    expect(ended).toEqual({ output: delivered, minutes: [0, 2, 5, 10], addenda: [incidentId] });
  });

  const halfAnHour = [0, 2, 5, 10, 15, 30];

  it("is dropped when no incident has held it for half an hour", async () => {
    const ended = await deliver(() => isNowhere);
    const output = { ended: "dropped", reason: "no incident contains the Defender alert" };
    expect(ended).toEqual({ output, addenda: [], minutes: halfAnHour });
  });

  it("fails, for operators to see, when the app may not look", async () => {
    const ended = await deliver(() => ({ kind: "refused", reason: "Grant it a role." }));
    expect(ended.output).toContain(
      "The incident of the Defender alert could not be looked up: Grant it a role.",
    );
    expect(ended).toMatchObject({ addenda: [], minutes: halfAnHour });
  });

  it("is kept while Log Analytics is out of reach", async () => {
    const ended = await deliver((look) => (look < 8 ? { kind: "again", reason: "HTTP 503" } : isFound));
    expect(ended.output).toEqual(delivered);
  });

  it.each<{ readonly what: string; readonly isDelivered: boolean; readonly ids: readonly string[] | null }>([
    {
      what: "names the alert in another case of letters",
      isDelivered: true,
      ids: ["x", vendorAlertId.toUpperCase()],
    },
    {
      what: "names none but Intezer's own id",
      isDelivered: true,
      ids: ["73e01a99-5cd7-4139-a149-9f2736ff2ab5"],
    },
    { what: "names another alert of Defender's", isDelivered: false, ids: ["da1_2"] },
    { what: "did not come from Defender", isDelivered: false, ids: null },
  ])("whose alert $what is delivered: $isDelivered", async ({ isDelivered, ids }) => {
    const { output, minutes } = await deliver(() => isFound, ids);
    expect(output).toMatchObject({ ended: isDelivered ? "addendum" : "dropped" });
    expect(minutes).toEqual(isDelivered ? [0] : []);
  });
});
