import { randomUUID } from "node:crypto";
import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { z } from "zod";
import type { IncidentReader, IncidentRef } from "../domain/incident/incident";
import { defined } from "../domain/json";
import {
  type EnrichAgainInput,
  isRecent,
  isUpdate,
  type NextRun,
  previousRunOf,
  startNextRun,
} from "../domain/run/next-run";
import type { RunStart } from "../domain/run/run";
import { type Exclusions, exclusionsHeader, type RunSettings, withoutExcluded } from "../domain/run/settings";
import type { TaskHub } from "../domain/run/task-hub";
import {
  againInstanceId,
  againWithBodyInstanceId,
  orchestratorNames,
  runInstanceId,
} from "../orchestrators/names";
import { hubUnreachable, readJson, refusal, workspaceNotServed } from "./answers";

export interface IncidentTriggerOptions {
  /** True with Core Tools and the local host: any program on the machine may call. */
  readonly development: boolean;
  /** App Service authentication is on, so the header with the principal comes from the platform. */
  readonly platformAuthentication: boolean;
  /** Object ids that may start runs, lower case. */
  readonly relayPrincipalIds: readonly string[];
  readonly incidentFrom: IncidentReader;
  /** Scopes of the incidents that are served. */
  readonly workspaces: readonly string[];
  readonly settings: RunSettings;
  /** The words with which a caller may exclude parts of a run. */
  readonly exclusions: Exclusions;
  /** Name of the app on Azure, which is the display name of its system-assigned identity. */
  readonly siteName?: string | undefined;
  readonly toTaskHub: (context: InvocationContext) => TaskHub;
}

/** An incident of 150 alerts with long queries has 5 MiB. */
const maxBytes = 16 * 1024 * 1024;

const named = z.object({ name: z.string() }).nullish().catch(undefined);
const comment = z
  .object({ name: z.string(), properties: z.object({ author: named }).nullish().catch(undefined) })
  .optional()
  .catch(undefined);

const triggerBody = z.object({
  objectEventType: z.string().nullish().catch(undefined),
  object: z.object({
    id: z.string(),
    properties: z
      .object({ comments: z.array(comment).nullish().catch(undefined) })
      .nullish()
      .catch(undefined),
  }),
  incidentUpdates: z
    .object({ alerts: z.array(z.unknown()).nullish().catch(undefined), updatedBy: named })
    .nullish()
    .catch(undefined),
});

/** What is used of a trigger's body. */
interface Trigger {
  readonly incident: IncidentRef;
  /** `Create` or `Update`. */
  readonly eventType: string;
  readonly addedAlerts: number;
  /** Display name of the update's author. */
  readonly updatedBy: string | undefined;
  readonly comments: readonly { readonly name: string; readonly author: string | undefined }[];
}

function triggerFrom(body: unknown, incidentFrom: IncidentReader): Trigger | undefined {
  const { data } = triggerBody.safeParse(body);
  const incident = data && incidentFrom(data.object.id);
  if (!incident) return undefined;
  const { objectEventType, object, incidentUpdates } = data;
  return {
    incident,
    eventType: objectEventType ?? "Create",
    addedAlerts: incidentUpdates?.alerts?.length ?? 0,
    updatedBy: incidentUpdates?.updatedBy?.name,
    comments: (object.properties?.comments ?? []).flatMap((each) =>
      each ? [{ name: each.name, author: each.properties?.author?.name }] : [],
    ),
  };
}

/**
 * `POST /api/incidents`: accepts the body of a Sentinel incident trigger, starts or finds the incident's run, answers
 * 202.
 */
export function createIncidentTrigger(options: IncidentTriggerOptions) {
  return async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const rejection = rejectCaller(request, options);
    if (rejection) return rejection;
    const body = await readJson(request, maxBytes);
    if (body.kind === "refused") return body.response;
    const trigger = triggerFrom(body.value, options.incidentFrom);
    if (!trigger) {
      return refusal(
        400,
        "NoIncident",
        "object.id is not the ARM id of a Sentinel incident. Send the body of the incident trigger.",
      );
    }
    const { incident } = trigger;
    if (!options.workspaces.includes(incident.scope)) {
      return workspaceNotServed;
    }
    const header = request.headers.get(exclusionsHeader);
    const remaining = withoutExcluded(options.settings, header, options.exclusions);
    if (remaining.kind === "refused") return refusal(400, "UnknownWord", remaining.reason);
    const start: RunStart = {
      incident,
      eventType: trigger.eventType,
      ...(remaining.settings.alerts === "submit" ? { envelope: body.text } : {}),
      settings: remaining.settings,
      ...(header ? { without: header } : {}),
    };
    try {
      return accepted(incident, await startFor(trigger, start, options, context));
    } catch (error) {
      context.error("The task hub cannot be reached", {
        incidentId: incident.incidentId,
        error: String(error),
      });
      return hubUnreachable;
    }
  };
}

function rejectCaller(request: HttpRequest, options: IncidentTriggerOptions): HttpResponseInit | undefined {
  if (options.development) return undefined;
  if (!options.platformAuthentication || options.relayPrincipalIds.length === 0) {
    return refusal(
      503,
      "NotConfigured",
      "Callers cannot be identified: switch App Service authentication on and set RELAY_PRINCIPAL_IDS.",
    );
  }
  const caller = request.headers.get("x-ms-client-principal-id")?.toLowerCase();
  if (caller !== undefined && options.relayPrincipalIds.includes(caller)) return undefined;
  return refusal(403, "CallerNotAllowed", "The caller's object id is not in RELAY_PRINCIPAL_IDS.");
}

/** Updates report any change, including our own comment and tags; only added alerts bring new entities. */
async function startFor(
  trigger: Trigger,
  start: RunStart,
  options: IncidentTriggerOptions,
  context: InvocationContext,
): Promise<NextRun | undefined> {
  if (isUpdate(start) && trigger.addedAlerts === 0) return undefined;
  const { incidentId } = trigger.incident;
  const hub = options.toTaskHub(context);
  const instanceId = runInstanceId(incidentId);
  const now = Date.now();
  if (isUpdate(start) && (await isOurs(trigger, hub, instanceId, options.siteName, now))) return undefined;
  const target = { orchestrator: orchestratorNames.enrichIncident, instanceId };
  const next = await startNextRun(hub, target, start, { now, startId: randomUUID() });
  if (next.kind === "started")
    context.log("Started a run", { instanceId, run: next.run, eventType: start.eventType });
  if (next.kind === "later") {
    const { envelope, ...later } = start;
    const again: EnrichAgainInput = { target, start: later, notBefore: next.notBefore };
    const [againId, input] = isUpdate(start)
      ? [againInstanceId(incidentId), again]
      : [againWithBodyInstanceId(incidentId), { ...again, ...defined({ envelope }) }];
    await hub.start(orchestratorNames.enrichAgain, againId, input);
  }
  return next;
}

/**
 * Whether the app itself made the update: during a run or right after it, under the app's name (that of a
 * system-assigned identity) or under the name of the author of our own comments.
 */
async function isOurs(
  { updatedBy, comments }: Trigger,
  hub: TaskHub,
  instanceId: string,
  siteName: string | undefined,
  now: number,
): Promise<boolean> {
  if (updatedBy === undefined) return false;
  const present = await hub.find(instanceId);
  if (!present || !isRecent(present, now)) return false;
  const commentIds = previousRunOf(present)?.commentIds ?? [];
  const authors = comments.filter(({ name }) => commentIds.includes(name)).map(({ author }) => author);
  return [siteName, ...authors].some((name) => name?.toLowerCase() === updatedBy.toLowerCase());
}

/** No `Location` and no management links: the relay would poll the first and store the key in the second. */
function accepted({ incidentId }: IncidentRef, next: NextRun | undefined): HttpResponseInit {
  const isDuplicate = next !== undefined && next.kind !== "started";
  return {
    status: 202,
    jsonBody: {
      instanceId: runInstanceId(incidentId),
      accepted: next !== undefined,
      duplicate: isDuplicate,
    },
  };
}
