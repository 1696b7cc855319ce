import { beforeEach, expect, it, vi } from "vitest";
import { createFetchIncident } from "../../activities/fetch-incident";
import { createPostAddendum } from "../../activities/post-addendum";
import { createPostComment } from "../../activities/post-comment";
import { createSubmitAlert } from "../../activities/submit-alert";
import { createIntezerClient } from "../../clients/intezer/client";
import { createIntezerTriage } from "../../clients/intezer/triage";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import type { IncidentRef } from "../../domain/incident/incident";
import type { IncidentStore } from "../../domain/incident/incident-store";
import type { TriageService } from "../../domain/report/triage";
import { skippingClock } from "../../local/clock";
import { type IntezerSimulator, startIntezerSimulator } from "../../local/simulators/intezer";
import { type SentinelSimulator, startSentinelSimulator } from "../../local/simulators/sentinel";
import type { Script } from "../../local/simulators/simulator";
import { apiKey, createKey } from "../clients/intezer/setup";
import { on, refOf, storeAt } from "../clients/sentinel/support";
import { fakeTaskHub } from "../support/fake-task-hub";
import { htmlPrinter } from "../support/printers";
import { report, taken, triage } from "../support/reports";

/** Time runs so much faster here. */
const haste = 25;
/** A slow answer, in milliseconds of that time. */
const late = { delayMs: 15_000 / haste };
const budgetMs = 30_000 / haste;

const envelope = JSON.stringify({ object: { properties: { relatedEntities: [] } } });
const invocation = { log: () => {}, hub: fakeTaskHub({ id: "run", input: { run: 1, envelope } }) };
const settings = { urlDetail: "full", allowed: [] } as const;

let sentinel: SentinelSimulator;
let intezer: IntezerSimulator;
let incident: IncidentRef;
let incidents: IncidentStore;
let triages: TriageService;
beforeEach(async () => {
  const clock = skippingClock();
  [sentinel, intezer] = await Promise.all([
    startSentinelSimulator({ clock }),
    startIntezerSimulator({ clock, apiKey }),
  ]);
  incident = refOf(sentinel.addIncident({}));
  incidents = storeAt(sentinel.origin, 20_000);
  const { secret: key } = createKey();
  const client = createIntezerClient({
    endpoint: intezer.endpoint,
    key,
    userAgent: "test",
    now: clock.now,
  });
  triages = createIntezerTriage({ client, incidentFrom, now: clock.now });
  await Promise.all([incidents.readIncident(incident), triages.readAlert("none")]);

  const timeout = AbortSignal.timeout.bind(AbortSignal);
  vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => timeout(ms / haste));
  return async () => {
    vi.restoreAllMocks();
    await Promise.all([sentinel.close(), intezer.close()]);
  };
});

it.each<[string, () => readonly Script[], () => Promise<unknown>]>([
  [
    "A submission",
    () => [on("POST", "/entities", late)],
    () =>
      createSubmitAlert(triages, incidents)(
        {
          incident,
          run: 1,
          runInstanceId: "run",
          poll: { orchestrator: "deliverTriage", instanceId: "poll", until: 0 },
          dryRun: false,
        },
        invocation,
      ),
  ],
  [
    "A comment with a triage",
    () => [on("GET", "/comments", late), on("GET", "/comments/", "hang")],
    () => {
      const given = report([], { triage: taken("confirmed_threat") });
      const input = { incident, report: given, detail: "worst", instanceId: "run", dryRun: false } as const;
      return createPostComment(incidents, htmlPrinter)(input, invocation);
    },
  ],
  [
    "An addendum",
    () => [on("GET", "/comments", late), on("GET", "/comments/", "hang")],
    () => {
      const delivered = { incident, triage: triage("confirmed_threat"), deliveryId: "0123456789abcdef" };
      const input = { ...delivered, instanceId: "delivery", at: 0, dryRun: false };
      return createPostAddendum(incidents, htmlPrinter)(input, invocation);
    },
  ],
  [
    "A second reading",
    () => [on("POST", "/entities", "hang"), on("GET", "/incidents/", "hang")],
    () =>
      createFetchIncident(incidents, settings)(
        { incident, later: { etag: "1", sparingly: false } },
        invocation,
      ),
  ],
  [
    "A sparing second reading",
    () => [on("GET", "/incidents/", late), on("POST", "/entities", "hang")],
    () =>
      createFetchIncident(incidents, settings)(
        { incident, later: { etag: "1", sparingly: true } },
        invocation,
      ),
  ],
])("%s takes at most 30 s, however slow the services are", async (_case, slow, act) => {
  sentinel.script(...slow());
  intezer.script(on("POST", "/alerts/ingest", "hang"));
  const startedAt = performance.now();
  expect(await act()).toMatchObject({ kind: "again" });
  expect(performance.now() - startedAt).toBeLessThan(budgetMs);
});
