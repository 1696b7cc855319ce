import { createHash, timingSafeEqual } from "node:crypto";
import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { z } from "zod";
import type { Secret } from "../domain/attempt";
import type { IncidentReader } from "../domain/incident/incident";
import { isVendorAlertId } from "../domain/incident/incident-store";
import { defined } from "../domain/json";
import type { DeliveryInput } from "../domain/run/run";
import type { RunSettings } from "../domain/run/settings";
import type { TaskHub } from "../domain/run/task-hub";
import { deliveryInstanceId, orchestratorNames } from "../orchestrators/names";
import { hubUnreachable, readJson, refusal, workspaceNotServed } from "./answers";

export interface IntezerWebhookOptions {
  readonly development: boolean;
  /** The exact value of the `Authorization` header agreed with Intezer. */
  readonly authorization: Secret;
  readonly incidentFrom: IncidentReader;
  /** Scopes of the incidents that are served. */
  readonly workspaces: readonly string[];
  readonly settings: Pick<RunSettings, "alerts" | "deadlineSeconds" | "dryRun" | "sendsResults">;
  readonly toTaskHub: (context: InvocationContext) => TaskHub;
}

const maxBytes = 1024 * 1024;

/**
 * Every key may be missing, and there may be others (Intezer documents none of them). A key of an unexpected type counts
 * as missing.
 */
const text = z.string().nullish().catch(undefined);
const alertBody = z.object({
  sender: text,
  alert_id: text,
  alert: z.object({ alert_id: text }).nullish().catch(undefined),
  microsoft_sentinel_incident_id: text,
});

/** The sender of alerts that Intezer got directly from Microsoft Defender. */
const defender = "msd";

/** What a delivery is about. */
type About =
  | Pick<Extract<DeliveryInput, { source: "webhook" }>, "source" | "incident">
  | Pick<Extract<DeliveryInput, { source: "defender" }>, "source" | "vendorAlertId">;

/** Ids go into requests and logs; Intezer's hold colons. */
const alertIdPattern = /^[\w.:-]{1,128}$/;

/**
 * `POST /api/webhooks/intezer`: stores the delivery as a separate orchestration and answers 202. Only the ids of alert and
 * incident are used: verdict, note and link are read from Intezer's API.
 */
export function createIntezerWebhook(options: IntezerWebhookOptions) {
  return async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const rejection = await rejectCaller(request, options);
    if (rejection) return rejection;
    const body = await readJson(request, maxBytes);
    if (body.kind === "refused") return body.response;
    const alert = alertBody.safeParse(body.value).data;
    const alertId = alert?.alert_id || alert?.alert?.alert_id;
    if (!alert || !alertId || !alertIdPattern.test(alertId)) {
      return refusal(400, "NoAlert", "The body names no alert: alert_id or alert.alert_id is expected.");
    }
    if (options.settings.alerts === "off") return ignored(alertId, "INTEZER_ALERTS is off", context);
    if (alert.sender === defender) {
      const vendorAlertId = alert.microsoft_sentinel_incident_id ?? "";
      if (isVendorAlertId(vendorAlertId))
        return startDelivery(options, alertId, { source: "defender", vendorAlertId }, body.text, context);
      return refusal(400, "NoAlert", "microsoft_sentinel_incident_id is not the id of a Defender alert.");
    }
    const incident = options.incidentFrom(alert.microsoft_sentinel_incident_id ?? "");
    if (!incident) {
      return refusal(
        400,
        "NoIncident",
        "microsoft_sentinel_incident_id is not the ARM id of a Sentinel incident.",
      );
    }
    if (!options.workspaces.includes(incident.scope)) {
      return workspaceNotServed;
    }
    return startDelivery(options, alertId, { source: "webhook", incident }, body.text, context);
  };
}

async function rejectCaller(
  request: HttpRequest,
  options: IntezerWebhookOptions,
): Promise<HttpResponseInit | undefined> {
  const secret = await options.authorization.read();
  const wanted = secret.kind === "done" ? secret.value : undefined;
  if (secret.kind !== "done") {
    return refusal(
      503,
      "SecretUnreadable",
      `The webhook's secret cannot be read: ${secret.reason}. Try again.`,
    );
  }
  if (wanted === undefined) {
    if (options.development) return undefined;
    return refusal(503, "NotConfigured", `The webhook has no secret: set ${options.authorization.setting}.`);
  }
  if (sameText(request.headers.get("authorization") ?? "", wanted)) return undefined;
  return refusal(401, "NotAuthorized", "The Authorization header is not the value agreed for this webhook.");
}

/** Compares in constant time, even with different lengths. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Answers 202, because otherwise Intezer would only repeat a delivery that the app will not use. */
function ignored(alertId: string, reason: string, context: InvocationContext): HttpResponseInit {
  context.warn("Ignored a delivery from Intezer", { alertId, reason });
  return { status: 202, jsonBody: { accepted: true } };
}

async function startDelivery(
  { settings, toTaskHub }: IntezerWebhookOptions,
  alertId: string,
  about: About,
  body: string,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  const instanceId = deliveryInstanceId(alertId, body);
  const until = Date.now() + settings.deadlineSeconds * 1000;
  const { dryRun, sendsResults } = settings;
  const input: DeliveryInput = { ...about, alertId, until, dryRun, ...defined({ sendsResults }) };
  try {
    const hub = toTaskHub(context);
    const delivered = await hub.find(instanceId);
    // A body that was already delivered starts nothing, unless its delivery failed.
    if (!delivered || (delivered.state === "ended" && !delivered.succeeded))
      await hub.start(orchestratorNames.deliverTriage, instanceId, input);
  } catch (error) {
    context.error("The task hub cannot be reached", { alertId, error: String(error) });
    return hubUnreachable;
  }
  context.log("Stored a delivery from Intezer", { instanceId, alertId, source: about.source });
  return { status: 202, jsonBody: { accepted: true } };
}
