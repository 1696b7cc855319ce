import { expect, it } from "vitest";
import { createSubmitAlert } from "../../activities/submit-alert";
import { createIntezerTriage } from "../../clients/intezer/triage/triage-service";
import { startIntezer } from "../clients/intezer/setup";
import { refOf, storeAt } from "../clients/sentinel/support";
import { fakeTaskHub } from "../support/fake-task-hub";
import { incidentArmId } from "../support/requests";

const trigger = {
  objectSchemaType: "Incident",
  workspaceId: "1",
  object: { id: incidentArmId, properties: { relatedEntities: [{ kind: "Ip" }] } },
};

it("keeps the alert's id when the polling cannot be started: Intezer gives it only once", async () => {
  const { client, simulator, clock } = await startIntezer();
  const lines: string[] = [];
  const hub = {
    ...fakeTaskHub({ id: "run", input: { run: 1, envelope: JSON.stringify(trigger) } }),
    async start(): Promise<never> {
      throw new Error("storage is down");
    },
  };
  const submit = createSubmitAlert(
    createIntezerTriage({ client, now: clock.now }),
    storeAt("http://127.0.0.1:9"),
  );
  const submitted = await submit(
    {
      incident: refOf(incidentArmId),
      run: 1,
      runInstanceId: "run",
      poll: { orchestrator: "deliverTriage", instanceId: "poll", until: 0 },
      dryRun: false,
    },
    { log: (sentence) => void lines.push(sentence), hub },
  );
  expect(submitted).toEqual({ kind: "done", value: { alertId: simulator.alertIds()[0] } });
  expect(lines).toContain("The triage can come by webhook only");
});
