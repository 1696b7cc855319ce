import { createAlertIndex } from "../../clients/sentinel/alert-index";
import { workspaceOf } from "../../clients/sentinel/arm-id";
import { createIncidentList } from "../../clients/sentinel/incident-list";
import { createSentinelStore } from "../../clients/sentinel/store";
import type { Access } from "../deployment/access";
import type { Line } from "./line";
import { checkSightings } from "./sightings";

const monthMs = 30 * 24 * 60 * 60 * 1000;

/** Whether the signed-in account may read what the app has to read. */
export async function checkWorkspace(access: Access, scope: string): Promise<readonly Line[]> {
  const { name } = workspaceOf(scope);
  const lines = [
    ...(await checkIncidents(access, scope)),
    await checkLogAnalytics(access, scope),
    await checkSightings(access, scope),
  ];
  return lines.map((line) => ({ ...line, text: `${name}: ${line.text}` }));
}

async function checkIncidents({ sentinel }: Access, scope: string): Promise<readonly Line[]> {
  const listed = await createIncidentList(sentinel)(scope, {
    by: "createdAt",
    since: Date.now() - monthMs,
    most: 1,
  });
  if (listed.kind !== "done") return [{ name: "incidents", state: "failed", text: listed.reason }];
  const [newest] = listed.value;
  if (!newest)
    return [
      { name: "incidents", state: "ok", text: "readable; there is none from the last 30 days" },
      { name: "entities", state: "off", text: "there is no incident to read them from" },
    ];
  const incidents: Line = {
    name: "incidents",
    state: "ok",
    text: `readable; the newest is number ${newest.number}`,
  };
  const entities = await createSentinelStore(sentinel).readEntities(newest.ref);
  return [
    incidents,
    entities.kind === "done"
      ? {
          name: "entities",
          state: "ok",
          text: `readable; number ${newest.number} has ${entities.value.length}`,
        }
      : { name: "entities", state: "failed", text: entities.reason },
  ];
}

/** An id that no alert has: what counts is that the query is run. */
const nobodysAlert = "npm-run-check";

async function checkLogAnalytics({ runLogQuery }: Access, scope: string): Promise<Line> {
  const name = "Log Analytics";
  const alerts = createAlertIndex({ runQuery: runLogQuery, workspaces: [scope] });
  const found = await alerts.findIncident(nobodysAlert);
  return found.kind === "done"
    ? { name, state: "ok", text: "SecurityAlert and SecurityIncident can be queried" }
    : { name, state: "failed", text: found.reason };
}
