import { describe, expect, it } from "vitest";
import { fakeTaskHub } from "../support/fake-task-hub";
import { incidentArmId, post } from "../support/requests";
import { body, instanceId, settings, setUp } from "./incident-setup";

describe("a run again", () => {
  const output = {
    run: 1,
    verdict: "clean",
    indicators: 1,
    malicious: 0,
    suspicious: 0,
    unknown: 0,
    clean: 1,
    notChecked: 0,
    commentIds: ["comment-1"],
    tags: ["enriched", "no-known-threat"],
    alertId: "alert-1",
    findings: [{ kind: "address", value: "8.8.8.8", verdict: "clean" }],
    warnings: ["a warning"],
  } as const;
  const ended = {
    id: instanceId,
    state: "ended" as const,
    succeeded: true,
    updatedAt: Date.now() - 60_000,
    output,
  };
  const update = (updates: object, comments: unknown = []) =>
    post({
      objectEventType: "Update",
      object: { id: incidentArmId, properties: { comments } },
      incidentUpdates: updates,
    });
  const addsAlerts = update({
    alerts: [{}],
    updatedBy: { source: "AlertGrouping", name: "Alert grouping" },
  });

  it("knows what the last one ended with, and not more than it needs", async () => {
    const { hub, call } = setUp({}, fakeTaskHub({ ...ended, updatedAt: Date.now() - 960_000 }));
    await call();
    const { verdict: _, notChecked: __, warnings: ___, ...previous } = output;
    expect(hub.started[0]?.input).toHaveProperty("previous", previous);
  });

  it("after one that failed knows what that one knew", async () => {
    const failed = { ...ended, succeeded: false, output: "Error: 403", input: { previous: { run: 7 } } };
    const { hub, call } = setUp({}, fakeTaskHub(failed));
    await call();
    expect(hub.started[0]?.input).toHaveProperty("previous", { run: 7 });
  });

  it("starts at once when alerts were added, also right after the last one", async () => {
    const { hub, call } = setUp({}, fakeTaskHub(ended));
    expect((await call(addsAlerts.clone())).jsonBody).toEqual({
      instanceId,
      accepted: true,
      duplicate: false,
    });
    expect(hub.started).toMatchObject([{ orchestrator: "enrichIncident", instanceId }]);
  });

  it.each([
    ["the system's own identity", { siteName: "func-enricher" }, []],
    [
      "the author of the last run's comment",
      {},
      [{ name: "comment-1", properties: { author: { name: "Func-Enricher" } } }],
    ],
  ])("does not start when the update was made by %s", async (_case, options, comments) => {
    const { hub, call } = setUp(options, fakeTaskHub(ended));
    const ours = { alerts: [{}], updatedBy: { source: "Application", name: "func-enricher" } };
    expect((await call(update(ours, comments))).jsonBody).toEqual({
      instanceId,
      accepted: false,
      duplicate: false,
    });
    expect(hub.started).toEqual([]);
  });

  it("starts when another author of comments has added alerts, and whatever the body holds beside", async () => {
    const comments = [{ name: "comment-2", properties: { author: { name: "Sam Lee" } } }, 7];
    const { hub, call } = setUp({ siteName: "func-enricher" }, fakeTaskHub(ended));
    await call(update({ alerts: [{}], updatedBy: { name: "Sam Lee" } }, comments));
    expect(hub.started).toHaveLength(1);
  });

  it.each([
    ["waits to run", { state: "pending" as const }],
    ["looks up", { state: "running" as const, customStatus: { stage: "lookingUp" } }],
    ["waits for Intezer", { state: "running" as const, customStatus: { stage: "waitingForIntezer" } }],
  ])(
    "is not needed for alerts while the run %s: it will read the entities again",
    async (_case, instance) => {
      const { hub, call } = setUp({}, fakeTaskHub({ id: instanceId, ...instance }));
      expect((await call(addsAlerts.clone())).jsonBody).toEqual({
        instanceId,
        accepted: true,
        duplicate: true,
      });
      expect(hub.started).toEqual([]);
    },
  );

  it.each(["commenting", "completing", "done"])(
    "follows a run that is %s when alerts are added, once however often they are delivered",
    async (stage) => {
      const { hub, call } = setUp({}, fakeTaskHub({ id: instanceId, customStatus: { stage } }));
      await call(addsAlerts.clone());
      expect((await call(addsAlerts.clone())).jsonBody).toEqual({
        instanceId,
        accepted: true,
        duplicate: true,
      });
      expect(hub.started).toMatchObject([
        {
          orchestrator: "enrichAgain",
          instanceId: `${instanceId}-again`,
          input: {
            target: { orchestrator: "enrichIncident", instanceId },
            start: { eventType: "Update" },
          },
        },
      ]);
    },
  );

  const withoutBody = {
    id: instanceId,
    input: {
      run: 1,
      settings: {
        ...settings,
        alertsOff: "no automation rule started this run, so there was no incident to submit",
      },
    },
  };
  const submitting = { settings: { ...settings, alerts: "submit" as const } };

  it("starts at once when it brings the body that the last one had not for Intezer", async () => {
    const { hub, call } = setUp(submitting, fakeTaskHub({ ...ended, ...withoutBody }));
    expect((await call()).jsonBody).toMatchObject({ duplicate: false });
    expect(hub.started).toMatchObject([
      { instanceId, input: { envelope: JSON.stringify(body), settings: { alerts: "submit" } } },
    ]);
    expect((await call()).jsonBody).toMatchObject({ duplicate: true });
    expect(hub.started).toHaveLength(1);
  });

  it("follows the one under way when it brings the body that that one has not", async () => {
    const { hub, call } = setUp(submitting, fakeTaskHub(withoutBody));
    expect((await call()).jsonBody).toMatchObject({ duplicate: true });
    expect(hub.started).toMatchObject([
      {
        orchestrator: "enrichAgain",
        instanceId: `${instanceId}-again-body`,
        input: { start: { eventType: "Create" }, envelope: JSON.stringify(body) },
      },
    ]);
  });
});
