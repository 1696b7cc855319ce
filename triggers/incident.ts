import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { z } from "zod";
import { type IncidentRef, incidentRefFrom, sameWorkspace, type WorkspaceRef } from "../domain/incident";
import { narrowed, narrowingHeader } from "../domain/narrowing";
import type { RunInput, RunOutput, RunSettings } from "../domain/run";
import type { OrchestrationInstance, TaskHub } from "../domain/task-hub";
import { orchestratorNames, runInstanceId } from "../orchestrators/names";
import { hubUnreachable, readJson, refusal } from "./answers";

export interface IncidentTriggerOptions {
  /** Core Tools and the local host: anybody on the machine may call. */
  readonly development: boolean;
  /** App Service authentication is on, and so the principal's header is the platform's own. */
  readonly platformAuthentication: boolean;
  /** Object ids that may start runs, lower case. */
  readonly relayPrincipalIds: readonly string[];
  readonly workspaces: readonly WorkspaceRef[];
  readonly settings: RunSettings;
  readonly toTaskHub: (context: InvocationContext) => TaskHub;
}

const maxBytes = 4 * 1024 * 1024;

/** A finished run is not repeated within this time: automation rules and relays deliver at least once. */
const restMs = 15 * 60 * 1000;

const triggerBody = z.object({
  objectEventType: z.string().nullish(),
  object: z.object({ id: z.string() }),
  incidentUpdates: z.object({ alerts: z.array(z.unknown()).nullish() }).nullish(),
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
    const incident = trigger && incidentRefFrom(trigger.object.id);
    if (!incident) {
      return refusal(
        400,
        "NoIncident",
        "object.id is not the ARM id of a Sentinel incident. Send the body of the incident trigger.",
      );
    }
    if (!options.workspaces.some((workspace) => sameWorkspace(workspace, incident))) {
      return refusal(403, "WorkspaceNotServed", "The incident's workspace is not in SENTINEL_WORKSPACES.");
    }
    const narrowing = narrowed(options.settings, request.headers.get(narrowingHeader));
    if (narrowing.kind === "refused") return refusal(400, "UnknownWord", narrowing.reason);
    if (!startsRun(trigger)) return accepted(incident, { accepted: false, duplicate: false });
    try {
      const { settings } = narrowing;
      return await startRun(settings, options.toTaskHub(context), incident, trigger, body.text, context);
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
function startsRun({ objectEventType, incidentUpdates }: TriggerBody): boolean {
  return objectEventType?.toLowerCase() !== "update" || (incidentUpdates?.alerts ?? []).length > 0;
}

async function startRun(
  settings: RunSettings,
  hub: TaskHub,
  incident: IncidentRef,
  trigger: TriggerBody,
  envelope: string,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  const now = Date.now();
  const instanceId = runInstanceId(incident.incidentId);
  const previous = await hub.find(instanceId);
  const duplicate = { accepted: true, duplicate: true };
  if (previous && isFresh(previous, now)) return accepted(incident, duplicate);
  const previousAlertId = (previous?.output as Partial<RunOutput> | null | undefined)?.alertId;
  const input: RunInput = {
    run: now,
    incident,
    eventType: trigger.objectEventType ?? "Create",
    ...(settings.alerts === "submit" ? { envelope } : {}),
    ...(previousAlertId === undefined ? {} : { previousAlertId }),
    settings,
  };
  const started = await hub.start(orchestratorNames.enrichIncident, instanceId, input);
  if (started === "alreadyRunning") return accepted(incident, duplicate);
  context.log("Started a run", { instanceId, run: now, eventType: input.eventType });
  return accepted(incident, { accepted: true, duplicate: false });
}

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
