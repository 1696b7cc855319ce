import { expect, it } from "vitest";
import { createSubmitAlert } from "../../activities/submit-alert";
import { createIntezerTriage } from "../../clients/intezer/triage";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import type { IncidentStore } from "../../domain/incident/incident-store";
import type { TriageService } from "../../domain/report/triage";
import type { TaskHub } from "../../domain/run/task-hub";
import { startIntezer } from "../clients/intezer/setup";
import { refOf, startSentinel, storeAt } from "../clients/sentinel/support";
import { fakeTaskHub } from "../support/fake-task-hub";
import { incidentArmId } from "../support/requests";

const triggerWith = (relatedEntities: readonly object[], more: object = {}) => ({
  objectSchemaType: "Incident",
  workspaceId: "1",
  object: { id: incidentArmId, properties: { relatedEntities }, ...more },
});
const envelope = JSON.stringify(triggerWith([{ kind: "Ip" }]));
const deepJson = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
/** A trigger body, JSON text, with something deep in it. */
const deepEnvelope = (relatedEntities: readonly object[]) =>
  JSON.stringify(triggerWith(relatedEntities, { deep: "here" })).replace('"here"', deepJson);
const nowhere = storeAt("http://127.0.0.1:9");

async function submit({
  triage,
  incidents = nowhere,
  body = envelope,
  hub = {},
  armId = incidentArmId,
}: {
  readonly triage: TriageService;
  readonly incidents?: IncidentStore;
  readonly body?: string;
  readonly hub?: Partial<TaskHub>;
  readonly armId?: string;
}) {
  const lines: string[] = [];
  const input = {
    incident: refOf(armId),
    run: 1,
    runInstanceId: "run",
    poll: { orchestrator: "deliverTriage", instanceId: "poll", until: 0 },
    dryRun: false,
  };
  const log = (sentence: string) => void lines.push(sentence);
  const keeping = fakeTaskHub({ id: "run", input: { run: 1, envelope: body } });
  const invocation = { log, hub: { ...keeping, ...hub } };
  return { submitted: await createSubmitAlert(triage, incidents)(input, invocation), lines };
}

async function storageDown(): Promise<never> {
  throw new Error("storage is down");
}

async function startTriage() {
  const { client, simulator, clock } = await startIntezer();
  return { triage: createIntezerTriage({ client, incidentFrom, now: clock.now }), simulator };
}

it("keeps the alert's id when the polling cannot be started: Intezer gives it only once", async () => {
  const { triage, simulator } = await startTriage();
  const { submitted, lines } = await submit({ triage, hub: { start: storageDown } });
  expect(submitted).toEqual({ kind: "done", value: { alertId: simulator.alertIds()[0] } });
  expect(lines).toContain("Could not start polling: the triage can arrive only by webhook");
});

it("is tried again when the task hub does not answer, and refused when it keeps no body", async () => {
  const { triage } = await startTriage();
  expect(await submit({ triage, hub: { find: storageDown } })).toMatchObject({
    submitted: { kind: "again", reason: "The app's task hub did not answer." },
  });
  expect(await submit({ triage, hub: { find: async () => undefined } })).toMatchObject({
    submitted: { kind: "refused" },
  });
});

it("submits a body that is nested deeply", async () => {
  const { triage, simulator } = await startTriage();
  const { submitted } = await submit({ triage, body: deepEnvelope([{ kind: "Ip" }]) });
  expect(submitted).toEqual({ kind: "done", value: { alertId: simulator.alertIds()[0] } });
});

it.each([
  { what: "a deep body that needs its entities", body: deepEnvelope([]), properties: "{}" },
  { what: "deep entities", body: JSON.stringify(triggerWith([])), properties: `{"deep":${deepJson}}` },
])("refuses $what in words, without throwing", async ({ body, properties }) => {
  const { triage } = await startTriage();
  const { sentinel, store } = await startSentinel();
  const armId = sentinel.addIncident();
  const text = `{"entities":[{"id":"1","kind":"Ip","properties":${properties}}]}`;
  sentinel.script({ match: ({ path }) => path.endsWith("/entities"), fault: { status: 200, text } });
  const { submitted, lines } = await submit({ triage, incidents: store, body, armId });
  expect(submitted).toEqual({
    kind: "refused",
    reason: "The incident could not be submitted to Intezer: its body is nested too deeply",
  });
  expect(lines).toEqual(["Could not submit the incident"]);
});

it.each([new Error("secret"), "secret", undefined])(
  "returns a refusal for %j thrown anywhere",
  async (thrown) => {
    const triage: TriageService = {
      submit: () => Promise.reject(thrown),
      readAlert: () => Promise.reject(thrown),
    };
    const { submitted, lines } = await submit({ triage });
    expect(submitted).toMatchObject({ kind: "refused", reason: expect.stringContaining("internal error") });
    expect(JSON.stringify([submitted, lines])).not.toContain("secret");
  },
);

it("knows the alert's id from the polling when the result of an earlier try was lost", async () => {
  const { triage, simulator } = await startTriage();
  const hub = fakeTaskHub({ id: "run", input: { run: 1, envelope } });
  const first = await submit({ triage, hub });
  const second = await submit({ triage, hub });
  expect(second.submitted).toEqual(first.submitted);
  expect(first.submitted).toEqual({ kind: "done", value: { alertId: simulator.alertIds()[0] } });
});
