import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createResultsSink, ruleInUrl } from "../../clients/results-sink";
import type { ResultRow } from "../../domain/results/results-table";
import { rowsOf } from "../../domain/results/rows";
import { realClock } from "../../local/clock";
import {
  type LogIngestionSimulator,
  logIngestionReplies,
  startLogIngestionSimulator,
} from "../../local/simulators/log-ingestion";
import type { Fault } from "../../local/simulators/simulator";
import { ordinaryReport } from "../support/reports";
import { incidentId, workspaceId } from "../support/requests";

const scope = workspaceId.toLowerCase();
const rows = rowsOf(
  { incident: { scope, incidentId }, instanceId: `sentinel-${incidentId}`, report: ordinaryReport() },
  { version: "1.2.3", simulated: [] },
);

let simulator: LogIngestionSimulator;
beforeEach(async () => {
  simulator = await startLogIngestionSimulator({ clock: realClock(), workspaces: [workspaceId] });
});
afterEach(() => simulator.close());

function sink({ url = simulator.rules[workspaceId] ?? "", timeoutMs = 2_000 } = {}) {
  const rule = ruleInUrl(url);
  if (!rule) throw new Error("The simulator's rule is none.");
  const credential = { getToken: () => Promise.reject(new Error("No token may be requested.")) };
  return createResultsSink({ rules: [{ scope, ...rule }], credential, timeoutMs });
}
const failOnce = (fault: Fault) => simulator.script({ match: () => true, fault });

describe("Rows for a workspace", () => {
  it("arrive as they were made, compressed, in one call to the workspace's rule", async () => {
    expect(await sink().send(scope, rows)).toEqual({ kind: "done", value: { rows: rows.length } });
    expect(simulator.rows(workspaceId)).toEqual(rows);
    const [request, ...more] = simulator.requests;
    expect(more).toEqual([]);
    expect(request).toMatchObject({ method: "POST", headers: { "content-encoding": "gzip" } });
    expect(request?.path).toMatch(
      /^\/dataCollectionRules\/dcr-[0-9a-f]{32}\/streams\/Custom-IncidentEnrichment_CL$/,
    );
    expect(request?.size).toBeLessThan(JSON.stringify(rows).length / 2);
  });

  it.each<{ readonly what: string; readonly fault: Fault; readonly reason: RegExp }>([
    { what: "no role yet", fault: logIngestionReplies.forbidden, reason: /Monitoring Metrics Publisher/ },
    { what: "a rule that is not known yet", fault: { status: 404 }, reason: /RESULTS_RULES/ },
    { what: "another tenant", fault: { status: 401 }, reason: /Entra tenant/ },
    { what: "an outage", fault: { status: 503 }, reason: /HTTP 503/ },
    { what: "a page of a proxy", fault: { status: 200, text: "<html>" }, reason: /HTTP 200/ },
    { what: "a lost connection", fault: "dropBefore", reason: /connection/i },
    { what: "no answer in time", fault: "hang", reason: /in time/ },
  ])("are sent again later after $what, never at once", async ({ fault, reason }) => {
    failOnce(fault);
    expect(await sink({ timeoutMs: 300 }).send(scope, rows)).toEqual({
      kind: "again",
      reason: expect.stringMatching(reason),
    });
    expect(simulator.requests).toHaveLength(1);
  });

  it("are sent again when the service asks for it", async () => {
    failOnce(logIngestionReplies.throttled);
    expect(await sink().send(scope, rows)).toMatchObject({ kind: "again", afterSeconds: 30 });
  });

  it("are given up when the service will never take them", async () => {
    const large: ResultRow[] = rows.slice(0, 1).map((row) => ({ ...row, Reasons: ["x".repeat(1_100_000)] }));
    expect(await sink().send(scope, large)).toEqual({
      kind: "refused",
      reason: "Log ingestion of Azure Monitor refused the rows (HTTP 413).",
    });
    expect(await sink().send("another workspace", rows)).toMatchObject({ kind: "refused" });
  });

  it("go to the audience of the endpoint's cloud", async () => {
    const scopes: unknown[] = [];
    const rule = ruleInUrl(
      `https://x.usgovvirginia-1.ingest.monitor.azure.us/dataCollectionRules/dcr-${"0".repeat(32)}`,
    );
    if (!rule) throw new Error("That is a rule.");
    const credential = {
      getToken(asked: unknown) {
        scopes.push(asked);
        return Promise.reject(new Error("There is no identity here."));
      },
    };
    const sent = await createResultsSink({ rules: [{ scope, ...rule }], credential, timeoutMs: 2_000 }).send(
      scope,
      rows,
    );
    expect(sent).toMatchObject({ kind: "again", reason: expect.stringContaining("no Azure token") });
    expect(scopes.flat()).toEqual(["https://monitor.azure.us/.default"]);
  });
});
