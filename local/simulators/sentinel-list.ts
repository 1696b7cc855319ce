import { incidentBody } from "./sentinel-bodies";
import type { StoredIncident } from "./sentinel-incidents";
import type { Reply, SimulatorRequest } from "./simulator";

const filterPattern = /^properties\/(createdTimeUtc|lastModifiedTimeUtc) ge (\S+)$/;
const orderPattern = /^properties\/(createdTimeUtc|lastModifiedTimeUtc) (asc|desc)$/;

const numberPattern = /^properties\/incidentNumber eq (\d+)$/;

/**
 * `GET incidents`: by the number, or by the instant of creation or of the last change, in pages of at most
 * `mostPerPage`.
 */
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
  const [, property = "", since = ""] =
    filterPattern.exec(filter ?? "properties/createdTimeUtc ge 1970") ?? [];
  if (Number.isNaN(Date.parse(since))) return badRequest(`The filter '${filter}' is not understood.`);
  const orderby = query.get("$orderby") ?? "properties/createdTimeUtc desc";
  const [, orderedBy, direction] = orderPattern.exec(orderby) ?? [];
  if (orderedBy === undefined) return badRequest(`The order '${orderby}' is not understood.`);
  const sign = direction === "asc" ? 1 : -1;
  const from = Number(query.get("$skipToken") ?? 0);
  const to = from + Math.min(Number(query.get("$top")) || 50, mostPerPage);
  const found = incidents
    .filter((incident) => instantOf(incident, property) >= Date.parse(since))
    .toSorted((a, b) => sign * (instantOf(a, orderedBy) - instantOf(b, orderedBy)));
  const next = new URLSearchParams(query);
  next.set("$skipToken", String(to));
  const nextLink = to < found.length ? { nextLink: `http://${headers.host}${rawPath}?${next}` } : {};
  return { status: 200, json: { value: found.slice(from, to).map(incidentBody), ...nextLink } };
}

const instantOf = ({ properties }: StoredIncident, property: string) =>
  Date.parse(String(properties[property]));

function badRequest(message: string): Reply {
  return { status: 400, json: { error: { code: "BadRequest", message } } };
}
