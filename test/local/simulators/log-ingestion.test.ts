import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import { realClock } from "../../../local/clock";
import { startLogAnalyticsSimulator } from "../../../local/simulators/log-analytics";
import {
  type LogIngestionSimulator,
  startLogIngestionSimulator,
} from "../../../local/simulators/log-ingestion";
import { resultsHandlers } from "../../../local/simulators/log-results";
import { workspaceId } from "../../support/requests";

const other = `${workspaceId}-2`;
const clock = realClock();
let logs: LogIngestionSimulator;
beforeEach(async () => {
  logs = await startLogIngestionSimulator({ clock, workspaces: [workspaceId, other] });
});
afterEach(() => logs.close());

const row = { TimeGenerated: "2026-11-26T10:00:00.000Z", RowId: "1", IncidentId: "a", Reasons: ["said"] };
const stream = "Custom-IncidentEnrichment_CL";

async function send(
  records: unknown,
  {
    path = `/streams/${stream}`,
    workspace = workspaceId,
    version = "2023-01-01",
    type = "application/json",
  } = {},
) {
  const answer = await fetch(`${logs.rules[workspace]}${path}?api-version=${version}`, {
    method: "POST",
    headers: { "content-type": type, "content-encoding": "gzip" },
    body: gzipSync(JSON.stringify(records)),
  });
  const { error } = (answer.status === 204 ? {} : await answer.json()) as { error?: { code: string } };
  return [answer.status, error?.code];
}

it("keeps the rows of each workspace, without cells that the stream does not declare", async () => {
  expect(await send([{ ...row, Other: 1 }])).toEqual([204, undefined]);
  expect(await send([row], { workspace: other })).toEqual([204, undefined]);
  expect(await send([row])).toEqual([204, undefined]);
  expect(logs.rows(workspaceId.toUpperCase())).toEqual([row, row]);
  expect(logs.rows(other)).toEqual([row]);
});

const large = [{ ...row, Reasons: ["x".repeat(1_100_000)] }];

it.each([
  {
    what: "more than 1 MB, however small it is compressed",
    records: large,
    given: {},
    answer: [413, "ContentLengthLimitExceeded"],
  },
  {
    what: "another stream",
    records: [row],
    given: { path: "/streams/Custom-Other_CL" },
    answer: [400, "InvalidStream"],
  },
  { what: "another path", records: [row], given: { path: "/stream" }, answer: [404, "NotFound"] },
  {
    what: "another version",
    records: [row],
    given: { version: "2021-11-01" },
    answer: [400, "InvalidApiVersion"],
  },
  { what: "no array", records: row, given: {}, answer: [400, "InvalidRequestBody"] },
  { what: "no JSON", records: [row], given: { type: "text/plain" }, answer: [400, "InvalidRequestBody"] },
])("refuses $what", async ({ records, given, answer }) => {
  expect(await send(records, given)).toEqual(answer);
  expect(logs.rows(workspaceId)).toEqual([]);
});

it("refuses everything until the app's role has arrived", async () => {
  logs.forbidUntil(clock.now() + 60_000);
  expect(await send([row])).toEqual([403, "OperationFailed"]);
  logs.forbidUntil(clock.now());
  expect(await send([row])).toEqual([204, undefined]);
});

it("gives its rows to Log Analytics, the newest of each id", async () => {
  const analytics = await startLogAnalyticsSimulator({ clock, workspaces: [workspaceId] });
  analytics.answer(resultsHandlers(logs.rows));
  await send([row, { ...row, RowId: "2", IncidentId: "b" }]);
  await send([{ ...row, TimeGenerated: "2026-11-26T11:00:00.000Z", Reasons: ["said again"] }]);
  const query = `// results-of-incidents\nlet incidentIds = dynamic(["a"]);\nIncidentEnrichment_CL`;
  const answer = await fetch(`${analytics.endpoint}${workspaceId}/query`, {
    method: "POST",
    body: JSON.stringify({ query }),
  });
  const { tables } = (await answer.json()) as {
    tables: { columns: { name: string }[]; rows: unknown[][] }[];
  };
  const [table] = tables;
  const cell = (name: string) =>
    table?.rows.map((cells) => cells[table.columns.findIndex((c) => c.name === name)]);
  expect(cell("RowId")).toEqual(["1"]);
  expect(cell("TimeGenerated")).toEqual(["2026-11-26T11:00:00.000Z"]);
  expect(cell("Reasons")).toEqual(['["said again"]']);
  expect(cell("Indicator")).toEqual([null]);
  await analytics.close();
});
