import { alertsOf, commentBody, incidentBody, takeEntitiesBody } from "./sentinel-bodies";
import type { Incidents, StoredIncident } from "./sentinel-incidents";
import type { SentinelLimits } from "./sentinel-limits";
import { listIncidents } from "./sentinel-list";
import type { Handler, Reply, SimulatorRequest } from "./simulator";

/** What Microsoft has not published, so that both readings can be tried. */
export interface SentinelHabits {
  /** A second PUT of one comment id. Default `overwrite`, as the specification suggests. */
  readonly repeatedComment?: "overwrite" | "conflict";
  /** PUT of an incident without etag. Default `conflict`. */
  readonly missingEtag?: "accept" | "conflict";
  /** A comment in an incident that was merged. Default `accept`. */
  readonly commentInMerged?: "accept" | "refuse";
  /** Default 50. */
  readonly commentsPerPage?: number;
  /** Default 1000. */
  readonly incidentsPerPage?: number;
}

/** Starts a playbook on an incident; false when there is none of that id. */
type StartPlaybook = (incident: StoredIncident, playbookId: unknown) => boolean;

interface Call {
  readonly request: SimulatorRequest;
  readonly incidents: Incidents;
  readonly habits: SentinelHabits;
  readonly startPlaybook: StartPlaybook;
  readonly incident: StoredIncident;
  readonly commentId: string;
}

type Handle = (call: Call) => Reply;

interface Resource {
  /** What its limit is for. */
  readonly noun: string;
  readonly methods: Readonly<Record<string, Handle>>;
}

/** By what follows the incident's id. */
const routes: Readonly<Record<string, Resource>> = {
  "": { noun: "incident", methods: { GET: getIncident, PUT: putIncident } },
  entities: { noun: "entities", methods: { POST: ({ incident }) => ok(takeEntitiesBody(incident)) } },
  alerts: { noun: "alerts", methods: { POST: ({ incident }) => ok({ value: alertsOf(incident) }) } },
  bookmarks: { noun: "bookmarks", methods: { POST: () => ok({ value: [] }) } },
  runplaybook: { noun: "playbook", methods: { POST: runPlaybook } },
  comments: { noun: "comment", methods: { GET: listComments } },
  "comments/{id}": { noun: "comment", methods: { GET: getComment, PUT: putComment } },
};

const armWorkspace =
  /^(\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/Microsoft\.OperationalInsights\/workspaces\/([^/]+))\/providers\/Microsoft\.SecurityInsights\/incidents(?:\/([^/]+))?(?:\/([^/]+))?(?:\/([^/]+))?$/i;

/** Azure Resource Manager for the incidents of one workspace; paths are compared without case. */
export function sentinelHandler(
  workspace: string,
  incidents: Incidents,
  limits: SentinelLimits,
  habits: SentinelHabits,
  startPlaybook: StartPlaybook,
): Handler {
  return (request) => {
    const [, path = "", group, name, incidentId = "", list = "", commentId = ""] =
      armWorkspace.exec(request.path) ?? [];
    if (!request.query.get("api-version")) {
      return failure(400, "MissingApiVersionParameter", "The api-version query parameter is required.");
    }
    const resource = routes[(commentId ? `${list}/{id}` : list).toLowerCase()];
    if (!path || !resource)
      return failure(404, "InvalidResourceType", "The resource type could not be found.");
    if (path.toLowerCase() !== workspace.toLowerCase()) {
      const missing = `'Microsoft.OperationalInsights/workspaces/${name}' under resource group '${group}'`;
      return failure(404, "ResourceNotFound", `The Resource ${missing} was not found.`);
    }
    if (!incidentId && request.method === "GET")
      return listIncidents(request, incidents.all(), habits.incidentsPerPage ?? 1000);
    const handle = resource.methods[request.method];
    if (!handle) {
      return failure(405, "UnsupportedApiVersion", `The resource does not support '${request.method}'.`);
    }
    const afterSeconds = limits.take(`${request.method} ${resource.noun}`);
    if (afterSeconds !== undefined) return throttled(afterSeconds);
    const incident = incidents.find(incidentId);
    if (!incident) return failure(404, "NotFound", `Resource '${incidentId}' does not exist`);
    return handle({ request, incidents, habits, startPlaybook, incident, commentId });
  };
}

function getIncident({ incident, incidents }: Call): Reply {
  const reply = ok(incidentBody(incident));
  const tag = incident.pendingTags.shift();
  if (tag !== undefined) incidents.tag(incident, tag);
  return reply;
}

function putIncident({ request, incident, incidents, habits }: Call): Reply {
  const { etag, properties } = bodyOf(request);
  for (const field of ["title", "severity", "status"]) {
    if (!properties[field]) return failure(400, "BadRequest", `The field ${field} is required.`);
  }
  const accepted = etag === incident.etag || (etag === undefined && habits.missingEtag === "accept");
  if (!accepted) {
    const message = `Newer version of resource '${incident.id}' exists. Data was not saved`;
    return failure(409, "Conflict", message);
  }
  incidents.replace(incident, properties);
  return ok(incidentBody(incident));
}

function listComments({ request, incident, habits }: Call): Reply {
  const from = Number(request.query.get("$skipToken") ?? 0);
  const to = from + (Number(request.query.get("$top")) || (habits.commentsPerPage ?? 50));
  const query = new URLSearchParams(request.query);
  query.set("$skipToken", String(to));
  return ok({
    value: incident.comments.slice(from, to).map((comment) => commentBody(incident, comment)),
    ...(to < incident.comments.length
      ? { nextLink: `http://${request.headers.host}${request.rawPath}?${query}` }
      : {}),
  });
}

function getComment({ incident, commentId }: Call): Reply {
  const comment = incident.comments.find(({ id }) => id === commentId);
  return comment
    ? ok(commentBody(incident, comment))
    : failure(404, "NotFound", `Resource '${commentId}' does not exist`);
}

/** Limits: https://learn.microsoft.com/azure/sentinel/sentinel-service-limits */
function putComment({ request, incident, incidents, commentId, habits }: Call): Reply {
  const { message } = bodyOf(request).properties;
  const exists = incident.comments.some(({ id }) => id === commentId);
  if (typeof message !== "string" || !message) {
    return failure(400, "BadRequest", "The field message is required.");
  }
  if (message.length > 30_000) {
    const innerError = "Comment length should not exceed 30000 characters";
    return failure(400, "BadRequest", "The request is invalid.", { innerError });
  }
  if (exists && habits.repeatedComment === "conflict") {
    return failure(409, "Conflict", `Resource '${commentId}' already exists.`);
  }
  if (incident.mergedInto && habits.commentInMerged === "refuse") {
    return failure(400, "BadRequest", `The incident '${incident.id}' was redirected.`);
  }
  if (!exists && incident.comments.length >= 100) {
    return failure(400, "BadRequest", "The incident already has the maximum number of comments.");
  }
  const comment = incidents.putComment(incident, commentId, message);
  return { status: exists ? 200 : 201, json: commentBody(incident, comment) };
}

/** 204 without content, even if the playbook fails later. */
function runPlaybook({ request, incident, startPlaybook }: Call): Reply {
  const { logicAppsResourceId } = bodyOf(request);
  if (startPlaybook(incident, logicAppsResourceId)) return { status: 204 };
  return failure(404, "NotFound", `Playbook '${logicAppsResourceId}' does not exist`);
}

interface PutBody {
  readonly etag?: unknown;
  readonly logicAppsResourceId?: unknown;
  readonly properties: Readonly<Record<string, unknown>>;
}

function bodyOf(request: SimulatorRequest): PutBody {
  try {
    return { properties: {}, ...(JSON.parse(request.body) as Partial<PutBody> | null) };
  } catch {
    return { properties: {} };
  }
}

function ok(json: unknown): Reply {
  return { status: 200, json };
}

function throttled(afterSeconds: number): Reply {
  const reply = failure(429, "TooManyRequests", "Too many requests were made. Please try again later.");
  return { ...reply, headers: { "retry-after": String(afterSeconds) } };
}

function failure(status: number, code: string, message: string, more: object = {}): Reply {
  return { status, json: { error: { code, message, ...more } } };
}
