import { randomUUID } from "node:crypto";
import type { Alarm, Clock } from "../clock";
import { invalid } from "./intezer-analyses";
import { confirmedThreat, type TriageFindings } from "./intezer-data";
import type { Reply } from "./simulator";

/** Where a finished triage is delivered to. */
export interface WebhookTarget {
  readonly url: string;
  /** Value of the `Authorization` header; absent: the header is not sent. */
  readonly authorization?: string;
  /** How often each delivery is made; default 1. */
  readonly times?: number;
}

export interface AlertsOptions {
  readonly clock: Clock;
  /** Seconds from submission to triage; `Infinity`: it never ends. Default 45. */
  readonly triageSeconds?: number;
  /** How every triage ends; default `confirmedThreat`. */
  readonly triage?: TriageFindings;
  /** How the triage of a submitted alert ends; where it does not say, as `triage`. */
  readonly triageOf?: (submitted: unknown) => TriageFindings | undefined;
  readonly webhook?: WebhookTarget;
}

/** What differs from an ordinary delivery: keys of the body, and the target. `authorization: null` leaves it out. */
export interface DeliveryOverrides {
  readonly body?: Readonly<Record<string, unknown>>;
  readonly url?: string;
  readonly authorization?: string | null;
  readonly times?: number;
}

/** An alert that did not come through `/alerts/ingest`. */
export interface IntezerAlert {
  readonly alertId: string;
  /** More keys of the alert object, e.g. `sender`, `raw_alert`. */
  readonly alert?: Readonly<Record<string, unknown>>;
  /** Absent: the triage is still in progress. */
  readonly triage?: TriageFindings;
  /** Environments that know the id; with more than one a read has to name one. */
  readonly environments?: readonly string[];
}

interface Alert {
  readonly id: string;
  /** Keys that are there from the start. */
  readonly head: Readonly<Record<string, unknown>>;
  readonly incidentId?: string;
  readonly environments: readonly string[];
  findings?: TriageFindings;
}

/** Alerts, their triage by the clock, and the webhook that delivers it. */
export function createAlerts(options: AlertsOptions) {
  const { clock, triageSeconds = 45, triage = confirmedThreat } = options;
  const alerts = new Map<string, Alert>();
  const alarms = new Set<Alarm>();
  let target = options.webhook;

  /** The alert as the API answers it, without the echo of the submission. */
  const bodyOf = ({ head: { raw_alert, ...head }, findings, incidentId }: Alert) => ({
    ...head,
    ...findings,
    ...(incidentId ? { microsoft_sentinel_incident_id: incidentId } : {}),
  });

  const finish = (alert: Alert, findings: TriageFindings) => {
    alert.findings = { ...findings, alert_update_time: isoWithOffset(clock.now()) };
  };

  const fireWebhook = async (alertId: string, overrides: DeliveryOverrides = {}): Promise<number[]> => {
    const { url = "", authorization, times = 1 } = { ...target, ...overrides };
    const known = alerts.get(alertId);
    const body = JSON.stringify({ ...(known ? bodyOf(known) : { alert_id: alertId }), ...overrides.body });
    const headers = {
      "content-type": "application/json",
      ...(authorization ? { authorization } : {}),
    };
    const release = clock.hold();
    try {
      const deliveries = Array.from({ length: times }, () => fetch(url, { method: "POST", headers, body }));
      const answers = await Promise.all(deliveries);
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
      return answers.map(({ status }) => status);
    } finally {
      release();
    }
  };

  const scheduleTriage = (alert: Alert) => {
    if (triageSeconds === Number.POSITIVE_INFINITY) return;
    const alarm = clock.alarm(clock.now() + triageSeconds * 1000, () => {
      alarms.delete(alarm);
      finish(alert, options.triageOf?.(alert.head.raw_alert) ?? triage);
      if (target) fireWebhook(alert.id).catch((error) => console.error("Webhook not delivered:", error));
    });
    alarms.add(alarm);
  };

  return {
    fireWebhook,
    setWebhook(webhook: WebhookTarget | undefined): void {
      target = webhook;
    },
    add({ alertId, alert = {}, triage: findings, environments = ["default"] }: IntezerAlert): void {
      const added: Alert = { id: alertId, head: headOf(alertId, alert), environments };
      if (findings) finish(added, findings);
      alerts.set(alertId, added);
    },
    /** Ends the triage of an alert now, or changes it. Nothing is delivered: see `fireWebhook`. */
    triage(alertId: string, findings: TriageFindings): void {
      const alert = alerts.get(alertId);
      if (alert) finish(alert, findings);
    },
    ids: () => [...alerts.keys()],
    stop(): void {
      for (const alarm of alarms) alarm.cancel();
    },

    ingest({ alert, alert_source }: Readonly<Record<string, unknown>>): Reply {
      if (!isObject(alert)) return invalid("alert", "missing data");
      const incidentId = isObject(alert.object) ? alert.object.id : undefined;
      if (typeof incidentId !== "string") return invalid("alert", "no incident");
      const isKnown = [...alerts.values()].some((known) => sameId(known.incidentId, incidentId));
      if (isKnown) return { status: 409, json: { error: "Alert already exists" } };
      const id = randomUUID();
      const head = headOf(id, { source: alert_source, sender: alert_source, raw_alert: alert });
      const added: Alert = { id, head, incidentId, environments: ["default"] };
      alerts.set(id, added);
      scheduleTriage(added);
      return { status: 200, json: { alert_id: id, result: true } };
    },

    read({ alert_id, environment }: Readonly<Record<string, unknown>>): Reply {
      if (typeof alert_id !== "string") return invalid("alert_id", "missing data");
      const alert = alerts.get(alert_id);
      if (!alert) return { status: 404, json: { alert_id } };
      if (alert.environments.length > 1 && !alert.environments.some((each) => each === environment))
        return { status: 409, json: { error: "Alert exists in multiple environments" } };
      const status = alert.findings ? "success" : "in_progress";
      return { status: 200, json: { result: { ...alert.head, ...alert.findings }, status } };
    },
  };
}

function headOf(alertId: string, keys: Readonly<Record<string, unknown>>) {
  return {
    alert_id: alertId,
    environment: "default",
    alert: { alert_id: alertId },
    intezer_alert_url: `https://analyze.intezer.com/alerts/${alertId}`,
    ...keys,
  };
}

function isoWithOffset(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}+00:00`;
}

function sameId(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
