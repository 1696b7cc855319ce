import { incidentBody } from "./sentinel-bodies";
import type { StoredIncident } from "./sentinel-incidents";
import type { Reply, SimulatorRequest } from "./simulator";

const filterPattern = /^properties\/createdTimeUtc ge (\S+)$/;

const numberPattern = /^properties\/incidentNumber eq (\d+)$/;

/** `GET incidents`: by the number, or by the instant of creation, newest first, in pages of at most `mostPerPage`. */
export function listIncidents(
  request: SimulatorRequest,
  incidents: readonly StoredIncident[],
  mostPerPage: number,
): Reply {
  const { query, headers, rawPath } = request;
  const filter = query.get("$filter");
  const [, number] = numberPattern.exec(filter ?? "") ?? [];
  if (number !== undefined) {
    const numbered = incidents.filter((incident) => incident.number === Number(number));
    return { status: 200, json: { value: numbered.map(incidentBody) } };
  }
  const since = filter === null ? 0 : Date.parse(filterPattern.exec(filter)?.[1] ?? "");
  if (Number.isNaN(since)) return badRequest(`The filter '${filter}' is not understood.`);
  const from = Number(query.get("$skipToken") ?? 0);
  const to = from + Math.min(Number(query.get("$top")) || 50, mostPerPage);
  const found = incidents
    .filter((incident) => createdAt(incident) >= since)
    .toSorted((a, b) => createdAt(b) - createdAt(a));
  const next = new URLSearchParams(query);
  next.set("$skipToken", String(to));
  const nextLink = to < found.length ? { nextLink: `http://${headers.host}${rawPath}?${next}` } : {};
  return { status: 200, json: { value: found.slice(from, to).map(incidentBody), ...nextLink } };
}

const createdAt = ({ properties }: StoredIncident) => Date.parse(String(properties.createdTimeUtc));

function badRequest(message: string): Reply {
  return { status: 400, json: { error: { code: "BadRequest", message } } };
}
