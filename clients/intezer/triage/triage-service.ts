import { type Attempt, again, done, refused } from "../../../domain/attempt";
import type { IncidentReader } from "../../../domain/incident/incident";
import { jsonFrom } from "../../../domain/json";
import type { AlertReading, Submission, TriageService } from "../../../domain/report/triage";
import type { IntezerAnswer, IntezerClient } from "../client";
import { type Asked, type Refusal, refusalFrom } from "../refusal";
import { envelopeFrom, refusalBodyFrom } from "../wire";
import { alertReadingFrom } from "./alert";

interface IntezerTriageOptions {
  readonly client: IntezerClient;
  readonly incidentFrom: IncidentReader;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const submitting: Asked = { to: "ingest incidents as alerts", isSubmit: false };
const reading: Asked = { to: "read alerts", isSubmit: false };

/** Intezer's triage of whole incidents: `/alerts/ingest` and `/alerts/get-by-id`. */
export function createIntezerTriage({ client, incidentFrom, now }: IntezerTriageOptions): TriageService {
  return {
    async submit(envelope) {
      if (jsonFrom(envelope) === undefined)
        return refused("The trigger body is not JSON, so Intezer cannot accept it");
      // Sent unchanged: parsing and serialising a deeply nested body would overflow the stack.
      const jsonText = `{"alert":${envelope},"alert_source":"microsoft_sentinel"}`;
      const request = { method: "POST", path: "/alerts/ingest", jsonText } as const;
      const answer = await client.send(request, client.timeLimit());
      return submissionFrom(answer) ?? attemptFrom(refusalFrom(answer, submitting, now()));
    },

    async readAlert(alertId) {
      const limit = client.timeLimit();
      const read = (json: object) => client.send({ method: "GET", path: "/alerts/get-by-id", json }, limit);
      let answer = await read({ alert_id: alertId });
      const environment = environmentOf(answer);
      if (environment !== undefined) answer = await read({ alert_id: alertId, environment });
      return readingFrom(answer, alertId, incidentFrom) ?? attemptFrom(refusalFrom(answer, reading, now()));
    },
  };
}

/** Answers that only this route has: other tools get 404 or 410 if Intezer has switched it off. */
function submissionFrom(answer: IntezerAnswer): Attempt<Submission> | undefined {
  if (answer.kind !== "answer") return undefined;
  const { alert_id } = envelopeFrom(answer.body);
  switch (answer.status) {
    case 200:
    case 201:
      return alert_id ? done({ kind: "submitted", alertId: alert_id }) : undefined;
    case 409:
      return refusalBodyFrom(answer.body).isSkippedByRule
        ? refused("A rule of the Intezer account skips this incident")
        : done({ kind: "alreadySubmitted" });
    case 400:
      return refused("Intezer could not read the incident (HTTP 400)");
    case 404:
    case 405:
    case 410:
      return refused(
        `Intezer no longer accepts incidents this way (HTTP ${answer.status}): connect Microsoft Defender to Intezer and set INTEZER_ALERTS to listen, or to off`,
      );
    case 413:
      return refused("The incident is too large for Intezer (HTTP 413)");
    default:
      return undefined;
  }
}

function readingFrom(
  answer: IntezerAnswer,
  alertId: string,
  incidentFrom: IncidentReader,
): Attempt<AlertReading> | undefined {
  if (answer.kind !== "answer") return undefined;
  if (answer.status === 404) return done({ kind: "notKnown" });
  if (answer.status === 409)
    return refused("Intezer has several alerts with this id, in different environments, and names none");
  const read = answer.status === 200 ? alertReadingFrom(answer.body, alertId, incidentFrom) : undefined;
  return read && done(read);
}

/** A 409 means that the id exists in several environments. */
function environmentOf(answer: IntezerAnswer): string | undefined {
  const isConflict = answer.kind === "answer" && answer.status === 409;
  return isConflict ? envelopeFrom(answer.body).environment : undefined;
}

/** The refusal without what a triage does not need: when a quota resets, and why a service pauses. */
function attemptFrom(refusal: Refusal): Attempt<never> {
  return refusal.kind === "again"
    ? again(refusal.reason, refusal.afterSeconds)
    : refused(refusal.reason, refusal.cause);
}
