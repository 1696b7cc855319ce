import { afterEach, beforeEach, expect, it } from "vitest";
import { realClock } from "../../../local/clock";
import {
  isQuery,
  type LogAnalyticsSimulator,
  logAnalyticsReplies,
  startLogAnalyticsSimulator,
} from "../../../local/simulators/log-analytics";
import { incidentArmId, incidentId, workspaceId } from "../../support/requests";

let logs: LogAnalyticsSimulator;
beforeEach(async () => {
  logs = await startLogAnalyticsSimulator({ clock: realClock(), workspaces: [workspaceId] });
});
afterEach(() => logs.close());

async function query(text: string, workspace = workspaceId, method = "POST") {
  const body = method === "POST" ? JSON.stringify({ query: text }) : null;
  const answer = await fetch(`${logs.endpoint}${workspace}/query`, { method, body });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

const about = (id: string) => `// incident-of-alert\nlet alertIds = dynamic(["${id}"]);\nSecurityAlert`;
const rowsOf = ({ json }: Awaited<ReturnType<typeof query>>) =>
  (json.tables as { rows: unknown[][] }[])[0]?.rows;

it("finds the incident of an alert in any case of letters, after as many queries as it is late", async () => {
  logs.addAlert({ vendorAlertId: "da1_2", incident: incidentArmId, lateQueries: 1, modifiedAt: 0 });
  expect(rowsOf(await query(about("DA1_2")))).toEqual([]);
  expect(rowsOf(await query(about("DA1_2"), workspaceId.toUpperCase()))).toEqual([
    [incidentId, "Active", "[]", "{}", "1970-01-01T00:00:00.000Z"],
  ]);
  expect(rowsOf(await query(about("da1_3")))).toEqual([]);
});

it("shows an incident that was merged as closed and redirected", async () => {
  logs.addAlert({ vendorAlertId: "da1", incident: incidentArmId, mergedInto: 4711 });
  expect(rowsOf(await query(about("da1")))?.[0]).toMatchObject([
    incidentId,
    "Closed",
    expect.stringContaining("Redirected"),
    '{"mergedIncidentNumber":"4711"}',
    expect.any(String),
  ]);
});

it.each([
  ["another query", "SecurityEvent | take 1", workspaceId, "POST", 400, "BadArgumentError"],
  ["a query of another name", "// incident-of\nSecurityAlert", workspaceId, "POST", 400, "BadArgumentError"],
  ["another workspace", about("x"), `${workspaceId}-2`, "POST", 404, "PathNotFoundError"],
  ["another method", "", workspaceId, "GET", 404, "PathNotFoundError"],
])("refuses %s", async (_case, text, workspace, method, status, code) => {
  expect(await query(text, workspace, method)).toMatchObject({ status, json: { error: { code } } });
});

it("answers a query by the name in its first line, with what it asks about in the handler's hand", async () => {
  const columns = { Value: "string", Devices: "long" } as const;
  logs.answer({
    "devices:file": ({ lists: [values = []] }) => ({
      columns,
      rows: values.map((value) => ({ Value: value, ...(value.length > 1 && { Devices: value.length }) })),
    }),
    devices: () => ({ columns, rows: [], isPartial: true }),
  });
  const values = `// devices:file\nlet values = dynamic(["a","b\\u0022c"]);\nDeviceFileEvents`;
  expect(rowsOf(await query(values))).toEqual([
    ["a", null],
    ['b"c', 3],
  ]);
  expect(await query("// devices\nDeviceFileEvents")).toMatchObject({
    status: 200,
    json: { tables: [{ columns: [{ name: "Value" }, { name: "Devices", type: "long" }] }], error: {} },
  });
});

it("fails the queries that a script names", async () => {
  logs.script({ match: isQuery("incident-of-alert"), fault: logAnalyticsReplies.throttled, times: 2 });
  logs.answer({ other: () => ({ columns: {}, rows: [] }) });
  expect((await query("// other\nUsage")).status).toBe(200);
  expect((await query(about("x"))).status).toBe(429);
});
