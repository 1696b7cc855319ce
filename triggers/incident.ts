import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { z } from "zod";
import type { IncidentReader, IncidentRef } from "../domain/incident/incident";
import { type Exclusions, narrowed, narrowingHeader } from "../domain/run/exclusions";
import type { RunInput, RunStart } from "../domain/run/run";
import { previousRunOf, willReadAgain } from "../domain/run/run";
import type { RunSettings } from "../domain/run/settings";
import type { OrchestrationInstance, TaskHub } from "../domain/run/task-hub";
import { againInstanceId, orchestratorNames, runInstanceId } from "../orchestrators/names";
import { hubUnreachable, readJson, refusal, workspaceNotServed } from "./answers";

export interface IncidentTriggerOptions {
  /** Core Tools and the local host: anybody on the machine may call. */
  readonly development: boolean;
  /** App Service authentication is on, and so the principal's header is the platform's own. */
  readonly platformAuthentication: boolean;
  /** Object ids that may start runs, lower case. */
  readonly relayPrincipalIds: readonly string[];
  readonly incidentFrom: IncidentReader;
  /** Scopes of the incidents that are served. */
  readonly workspaces: readonly string[];
  readonly settings: RunSettings;
  /** The words that a caller may take parts out with. */
  readonly exclusions: Exclusions;
  /** Of the app on Azure: the display name of its own identity. */
  readonly siteName?: string | undefined;
  readonly toTaskHub: (context: InvocationContext) => TaskHub;
}

const maxBytes = 4 * 1024 * 1024;

/** A finished run is not repeated within this time: automation rules and relays deliver at least once. */
const restMs = 15 * 60 * 1000;

const named = z.object({ name: z.string() }).nullish().catch(undefined);
const commentsOfBody = z
  .array(z.object({ name: z.string(), properties: z.object({ author: named }).nullish() }))
  .nullish()
  .catch(undefined);

const triggerBody = z.object({
  objectEventType: z.string().nullish(),
  object: z.object({
    id: z.string(),
    properties: z.object({ comments: commentsOfBody }).nullish().catch(undefined),
  }),
  incidentUpdates: z
    .object({ alerts: z.array(z.unknown()).nullish().catch(undefined), updatedBy: named })
    .nullish()
    .catch(undefined),
});
type TriggerBody = z.infer<typeof triggerBody>;

/** `POST /api/incidents`: takes the body of a Sentinel incident trigger, starts or finds the incident's run, answers 202. */
export function createIncidentTrigger(options: IncidentTriggerOptions) {
  return async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const barred = barredCaller(request, options);
    if (barred) return barred;
    const body = await readJson(request, maxBytes);
    if (body.kind === "refused") return body.response;
    const trigger = triggerBody.safeParse(body.value).data;
    const incident = trigger && options.incidentFrom(trigger.object.id);
    if (!incident) {
      return refusal(
        400,
        "NoIncident",
        "object.id is not the ARM id of a Sentinel incident. Send the body of the incident trigger.",
      );
    }
    if (!options.workspaces.includes(incident.scope)) {
      return workspaceNotServed;
    }
    const header = request.headers.get(narrowingHeader);
    const narrowing = narrowed(options.settings, header, options.exclusions);
    if (narrowing.kind === "refused") return refusal(400, "UnknownWord", narrowing.reason);
    if (!startsRun(trigger)) return accepted(incident, nothing);
    try {
      const { settings } = narrowing;
      const own = { ...options, settings };
      return await startRun(own, options.toTaskHub(context), incident, trigger, body.text, context);
    } catch (error) {
      context.error("The task hub cannot be reached", {
        incidentId: incident.incidentId,
        error: String(error),
      });
      return hubUnreachable;
    }
  };
}

function barredCaller(request: HttpRequest, options: IncidentTriggerOptions): HttpResponseInit | undefined {
  if (options.development) return undefined;
  if (!options.platformAuthentication || options.relayPrincipalIds.length === 0) {
    return refusal(
      503,
      "NotConfigured",
      "Callers cannot be told apart: switch App Service authentication on and set RELAY_PRINCIPAL_IDS.",
    );
  }
  const caller = request.headers.get("x-ms-client-principal-id")?.toLowerCase();
  if (caller !== undefined && options.relayPrincipalIds.includes(caller)) return undefined;
  return refusal(403, "CallerNotAllowed", "The caller's object id is not in RELAY_PRINCIPAL_IDS.");
}

/** An update tells of anything that changed, our own comment and tags included: only added alerts bring entities. */
function startsRun(trigger: TriggerBody): boolean {
  return !isUpdate(trigger) || (trigger.incidentUpdates?.alerts ?? []).length > 0;
}

const isUpdate = ({ objectEventType }: TriggerBody) => objectEventType?.toLowerCase() === "update";

/**
 * Whether the app itself has made the update. Its identity goes by the app's name when it is the system's own, and
 * whatever it goes by, it is the author of the comments that the last run wrote.
 */
function isOurs(
  { incidentUpdates, object }: TriggerBody,
  { siteName }: IncidentTriggerOptions,
  commentIds: readonly string[],
): boolean {
  const updater = incidentUpdates?.updatedBy?.name.toLowerCase();
  const ours = (object.properties?.comments ?? []).filter(({ name }) => commentIds.includes(name));
  const names = [siteName, ...ours.map(({ properties }) => properties?.author?.name)];
  return updater !== undefined && names.some((name) => name?.toLowerCase() === updater);
}

async function startRun(
  options: IncidentTriggerOptions,
  hub: TaskHub,
  incident: IncidentRef,
  trigger: TriggerBody,
  envelope: string,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  const { settings } = options;
  const now = Date.now();
  const instanceId = runInstanceId(incident.incidentId);
  const present = await hub.find(instanceId);
  const previous = previousRunOf(present);
  const start: RunStart = {
    incident,
    eventType: trigger.objectEventType ?? "Create",
    ...(settings.alerts === "submit" ? { envelope } : {}),
    settings,
  };
  const duplicate = accepted(incident, { accepted: true, duplicate: true });
  if (isUpdate(trigger)) {
    if (isOurs(trigger, options, previous?.commentIds ?? [])) return accepted(incident, nothing);
    if (present && present.state !== "ended") {
      if (!willReadAgain(present)) await startWhenEnded(hub, incident, start);
      return duplicate;
    }
  } else if (present && isFresh(present, now)) return duplicate;

  const input: RunInput = { ...start, run: now, ...(previous ? { previous } : {}) };
  const started = await hub.start(orchestratorNames.enrichIncident, instanceId, input);
  if (started === "alreadyRunning") return duplicate;
  context.log("Started a run", { instanceId, run: now, eventType: input.eventType });
  return accepted(incident, { accepted: true, duplicate: false });
}

/** Alerts were added, and the run under way has read the entities for the last time: the next run will see them. */
async function startWhenEnded(hub: TaskHub, { incidentId }: IncidentRef, start: RunStart): Promise<void> {
  await hub.start(orchestratorNames.enrichAgain, againInstanceId(incidentId), {
    orchestrator: orchestratorNames.enrichIncident,
    instanceId: runInstanceId(incidentId),
    start,
  });
}

const nothing = { accepted: false, duplicate: false };

function isFresh({ state, succeeded, updatedAt }: OrchestrationInstance, now: number): boolean {
  return state !== "ended" || (succeeded && now - updatedAt < restMs);
}

/** No `Location` and no management links: the relay would poll the first and store the key in the second. */
function accepted(
  { incidentId }: IncidentRef,
  told: { accepted: boolean; duplicate: boolean },
): HttpResponseInit {
  return { status: 202, jsonBody: { instanceId: runInstanceId(incidentId), ...told } };
}
