import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogQuery } from "../../../clients/log-analytics/log-reader";
import { createAlertIndex } from "../../../clients/sentinel/alert-index";
import { incidentFrom, scopeFrom } from "../../../clients/sentinel/arm-id";
import { realClock } from "../../../local/clock";
import {
  type LogAnalyticsSimulator,
  logAnalyticsReplies,
  startLogAnalyticsSimulator,
} from "../../../local/simulators/log-analytics";
import type { Fault } from "../../../local/simulators/simulator";
import { workspaceId } from "../../support/requests";

const otherWorkspace = workspaceId.replace("siem-prod", "siem-test");
const workspaces = [workspaceId, otherWorkspace].map((id) => scopeFrom(id) ?? "");
const vendorAlertId = "da639057312345678901_-1234567890";
const incident = (digit: number, workspace = workspaceId) =>
  `${workspace}/providers/Microsoft.SecurityInsights/Incidents/0f8fad5b-d9cb-469f-a165-70867728950${digit}`;
const refOf = (armId: string) => ({ kind: "done", value: incidentFrom(armId) });

let simulator: LogAnalyticsSimulator;
const find = (id = vendorAlertId, options: { timeoutMs?: number } = {}) =>
  createAlertIndex({
    workspaces,
    runQuery: createLogQuery({
      endpoint: simulator.endpoint,
      credential: { getToken: () => Promise.reject(new Error("No token may be requested.")) },
      timeoutMs: 2_000,
      ...options,
    }),
  }).findIncident(id);
const failOnce = (fault: Fault, times = 2) => simulator.script({ match: () => true, fault, times });

beforeEach(async () => {
  simulator = await startLogAnalyticsSimulator({
    clock: realClock(),
    workspaces: [workspaceId, otherWorkspace],
  });
});
afterEach(() => simulator.close());

describe("the incident of a Defender alert", () => {
  it("is found by the alert's id at Defender, in any case of letters, in any workspace served", async () => {
    simulator.addAlert({ vendorAlertId: vendorAlertId.toUpperCase(), incident: incident(1, otherWorkspace) });
    expect(await find()).toEqual(refOf(incident(1, otherWorkspace)));
  });

  it("is asked for by the workspace's resource id, over 30 days, and with no other text", async () => {
    await find();
    expect(simulator.requests.map(({ path }) => path)).toEqual(
      [workspaceId, otherWorkspace].map((id) => `/v1${id.toLowerCase()}/query`),
    );
    const { query, timespan } = JSON.parse(simulator.requests[0]?.body ?? "");
    expect(query).toMatch(
      /^\/\/ incident-of-alert\nlet alertIds = dynamic\(\["da639057312345678901_-1234567890"\]\);\n/,
    );
    expect(timespan).toBe("P30D");
  });

  it("is no one while the logs have no row", async () => {
    simulator.addAlert({ vendorAlertId, incident: incident(1), lateQueries: 1 });
    expect(await find()).toEqual({ kind: "done", value: undefined });
    expect(await find()).toEqual(refOf(incident(1)));
  });

  it("is of several the newest one that is open, and one that was merged away is the last choice", async () => {
    const at = (hours: number) => Date.UTC(2026, 10, 22, hours);
    const add = (digit: number, modifiedAt: number, more = {}) =>
      simulator.addAlert({ vendorAlertId, incident: incident(digit), modifiedAt, ...more });
    add(1, at(9), { mergedInto: 4711 });
    expect(await find()).toEqual(refOf(incident(1)));
    add(2, at(1), { status: "Closed" });
    expect(await find()).toEqual(refOf(incident(2)));
    add(3, at(2));
    add(4, at(4));
    add(5, at(3));
    expect(await find()).toEqual(refOf(incident(4)));
  });

  it.each(['x" or 1 == 1', "a\nb", "", "a".repeat(129), "ä"])("is not asked for by %j", async (id) => {
    expect(await find(id)).toMatchObject({ kind: "refused" });
    expect(simulator.requests).toEqual([]);
  });

  it.each<[name: string, fault: Fault]>([
    ["a result in part", logAnalyticsReplies.inPart],
    ["an error 500", { status: 500 }],
    ["a dropped connection", "dropBefore"],
    ["HTML", { status: 200, text: "<html>" }],
    ["JSON of another shape", { status: 200, json: { hello: [] } }],
  ])("is asked for again after %s", async (_name, fault) => {
    failOnce(fault);
    expect(await find()).toMatchObject({ kind: "again", reason: expect.stringContaining("Log Analytics") });
  });

  it("is asked for again when Log Analytics says so", async () => {
    failOnce(logAnalyticsReplies.throttled);
    expect(await find()).toMatchObject({ kind: "again", afterSeconds: 30 });
  });

  it("is asked for again after no answer in time", async () => {
    failOnce("hang");
    expect(await find(vendorAlertId, { timeoutMs: 100 })).toMatchObject({ kind: "again" });
  });

  it.each([
    ["a missing right", logAnalyticsReplies.forbidden, "Responder"],
    ["missing tables", logAnalyticsReplies.noSuchTable, "SecurityAlert"],
    ["an unknown workspace", { status: 404 }, "SENTINEL_WORKSPACES"],
  ])("is given up with what to do after %s", async (_name, fault, advice) => {
    failOnce(fault);
    expect(await find()).toMatchObject({ kind: "refused", reason: expect.stringContaining(advice) });
  });

  it("is found although another workspace does not answer", async () => {
    simulator.addAlert({ vendorAlertId, incident: incident(1) });
    simulator.script({
      match: ({ path }) => path.includes("siem-test"),
      fault: logAnalyticsReplies.forbidden,
    });
    expect(await find()).toEqual(refOf(incident(1)));
  });
});
