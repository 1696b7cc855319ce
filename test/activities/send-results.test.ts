import { expect, it } from "vitest";
import { createIngestRows, createStartResults, type StartResultsInput } from "../../activities/send-results";
import type { ResultsSink, SendResultsInput } from "../../domain/results/results-sink";
import type { ResultRow } from "../../domain/results/results-table";
import { fakeTaskHub } from "../support/fake-task-hub";
import { answered, ordinaryReport, startedAt, triage } from "../support/reports";
import { incidentId, workspaceId } from "../support/requests";

const incident = { scope: workspaceId, incidentId };
const by = { version: "1.2.3", simulated: [] };

async function start(of: StartResultsInput["of"], hub = fakeTaskHub()) {
  const input = { orchestrator: "sendResults", sendInstanceId: "results", of };
  const { answer } = await createStartResults(by)(input, { hub, log: () => {} });
  return { hub, answer, started: hub.started.map((each) => each.input as SendResultsInput) };
}

const ofRun = { incident, instanceId: "sentinel-1", report: ordinaryReport() };

it("The rows of a part go to the workspace of the incident, with no detail of a card", async () => {
  const { answer, started } = await start(ofRun);
  expect(answer).toBe("started");
  expect(started).toMatchObject([{ scope: workspaceId, batches: [expect.any(Array)] }]);
  expect(JSON.stringify(started)).not.toContain("Win32:CrypterX-gen");
});

it("What was started before is not started again", async () => {
  const { answer, started } = await start(ofRun, fakeTaskHub({ id: "results", state: "ended" }));
  expect([answer, started]).toEqual(["alreadyStarted", []]);
});

it.each([
  { what: "raises the verdict", verdict: "confirmed_threat", before: "clean", after: "malicious" },
  { what: "lowers no verdict", verdict: "false_positive", before: "suspicious", after: "suspicious" },
  {
    what: "clears nothing where there is no verdict yet",
    verdict: "false_positive",
    before: undefined,
    after: "unknown",
  },
] as const)("A late triage $what", async ({ verdict, before, after }) => {
  const of = {
    incident,
    number: 4712,
    instanceId: "triage-1",
    run: startedAt,
    triage: triage(verdict, { note: "n".repeat(2_000), link: "https://analyze.intezer.com/alerts/1" }),
    deliveryId: "0123456789abcdef",
    at: startedAt + 400_000,
    ...(before && { before }),
  };
  const [row, ...more] = (await start(of)).started[0]?.batches.flat() ?? [];
  expect(more).toEqual([]);
  expect(row).toMatchObject({
    Part: "addendum",
    Run: new Date(startedAt).toISOString(),
    RunId: "triage-1",
    IncidentNumber: 4712,
    IncidentVerdict: after,
    Link: "https://analyze.intezer.com/alerts/1",
  });
  expect(row?.Reasons).toEqual([expect.stringMatching(/^n{499}…$/)]);
  for (const cell of ["Provider", "Indicator", "Outcome"]) expect(row).not.toHaveProperty(cell);
});

it("A batch is read from the orchestration's input, and sent to its workspace", async () => {
  const sent: (readonly [string, readonly ResultRow[]])[] = [];
  const sink: ResultsSink = {
    async send(scope, rows) {
      sent.push([scope, rows]);
      return { kind: "done", value: { rows: rows.length } };
    },
  };
  const report = {
    ...ordinaryReport(),
    items: [
      {
        indicator: { kind: "address", value: "8.8.8.8" } as const,
        lookups: { virustotal: answered("clean") },
      },
    ],
  };
  const { hub, started } = await start({ ...ofRun, report });
  const ingest = createIngestRows(sink);
  const invocation = { hub, log: () => {} };
  expect(await ingest({ instanceId: "results", batch: 0 }, invocation)).toMatchObject({ kind: "done" });
  expect(sent).toEqual([[workspaceId, started[0]?.batches[0]]]);
  expect(await ingest({ instanceId: "results", batch: 1 }, invocation)).toMatchObject({ kind: "refused" });
  expect(await ingest({ instanceId: "elsewhere", batch: 0 }, invocation)).toMatchObject({ kind: "again" });
  hub.instances.set("blob", {
    ...hub.instances.get("results"),
    id: "blob",
    input: "https://…/Input.json.gz",
  } as never);
  expect(await ingest({ instanceId: "blob", batch: 0 }, invocation)).toMatchObject({ kind: "refused" });
  expect(sent).toHaveLength(1);
});
