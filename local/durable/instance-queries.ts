import type { Engine } from "./engine";
import { type Instance, isTerminal } from "./instances";
import { type Api, type Call, empty, isTrue, json, type Reply, statusOptions } from "./management-http";
import { type RuntimeStatus, terminalStatuses } from "./protocol";
import { statusView } from "./status-view";

export function showStatus({ params, path, query }: Call, { engine, links }: Api): Reply {
  const instance = engine.instances.get(params.id ?? "");
  if (!instance) return empty(404);
  const view = statusView(instance, statusOptions(query));
  if (isTerminal(instance))
    return json(
      instance.status === "Failed" && isTrue(query, "returnInternalServerErrorOnFailure") ? 500 : 200,
      view,
    );
  const search = query.size > 0 ? `?${query}` : "";
  return json(202, view, { location: `${links.base()}/${path}${search}`, "retry-after": "5" });
}

export function queryInstances({ query, headers }: Call, { engine }: Api): Reply {
  const top = Number(query.get("top")) || 100;
  const token = headers["x-ms-continuation-token"];
  const from = token ? Buffer.from(token, "base64").toString("utf8") : "";
  const found = filtered(engine, query)
    .filter(({ id }) => id >= from && id.startsWith(query.get("instanceIdPrefix") ?? ""))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const next = found[top];
  return json(
    200,
    found.slice(0, top).map((instance) => statusView(instance, statusOptions(query))),
    next && { "x-ms-continuation-token": Buffer.from(next.id).toString("base64") },
  );
}

/** Invalid times and unknown statuses do not filter. */
function filtered(
  { instances }: Engine,
  query: URLSearchParams,
  allowed: (status: string) => boolean = (status) => runtimeStatuses.has(status),
): Instance[] {
  const from = Date.parse(query.get("createdTimeFrom") ?? "");
  const to = Date.parse(query.get("createdTimeTo") ?? "");
  const statuses = (query.get("runtimeStatus") ?? "").split(",").filter(allowed);
  return [...instances.values()].filter((instance) => {
    const created = Date.parse(instance.started.Timestamp);
    const isInTime = !(created < from) && !(created > to);
    return isInTime && (statuses.length === 0 || statuses.includes(instance.status));
  });
}

const runtimeStatuses: ReadonlySet<string> = new Set<RuntimeStatus>([
  "Pending",
  "Running",
  "Suspended",
  ...terminalStatuses,
]);

/** Without a terminal status in the filter running instances are purged, too: so does the real one. */
export function purgeByFilter({ query }: Call, { engine }: Api): Reply {
  if (!query.get("createdTimeFrom"))
    return json(400, "Please provide value for 'createdTimeFrom' parameter.");
  const found = filtered(engine, query, (status) => terminalStatuses.has(status as RuntimeStatus));
  if (found.length === 0) return empty(404);
  engine.purge(found.map(({ id }) => id));
  return json(200, { instancesDeleted: found.length });
}

export function purgeInstance({ params }: Call, { engine }: Api): Reply {
  const instance = engine.instances.get(params.id ?? "");
  if (!instance) return empty(404);
  if (!isTerminal(instance))
    return json(
      412,
      `Only orchestrations in a terminal state can be purged, but the orchestration with instance ID ${instance.id} has status ${instance.status}`,
    );
  engine.purge([instance.id]);
  return json(200, { instancesDeleted: 1 });
}
