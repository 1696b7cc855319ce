import { type Attempt, again, done, refused } from "../../domain/attempt";
import type { IncidentReader, IncidentRef } from "../../domain/incident/incident";
import { defined, jsonFrom } from "../../domain/json";
import {
  type AlertOrigin,
  type AlertReading,
  type Submission,
  type Triage,
  type TriageService,
  verdictOfTriage,
} from "../../domain/report/triage";
import { untrustedText } from "../untrusted-text";
import { type Asked, type IntezerAnswer, type IntezerClient, type Refusal, refusalFrom } from "./client";
import { type AlertResult, alertResult, envelopeFrom, isRunning, refusalBodyFrom } from "./wire";
import { instantFrom, intezerLink, wordKey } from "./wire-values";

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

/**
 * Reads the answer of `/alerts/get-by-id`. Every status except those for running and unknown alerts is final (rule of
 * Intezer's SDK); an alert that ended without a verdict has no triage yet. `undefined` if the answer is unreadable.
 */
export function alertReadingFrom(
  body: unknown,
  alertId: string,
  incidentFrom: IncidentReader,
): AlertReading | undefined {
  const { status = "", result } = envelopeFrom(body);
  if (status === "not_found") return { kind: "notKnown" };
  if (!result) return undefined;
  const alert = alertResult.parse(result);
  const incident = incidentNamedBy(alert, incidentFrom);
  const { alert_verdict, alert_verdict_display } = alert.triage_result;
  const verdict = untrustedText(alert_verdict ?? alert_verdict_display, 60);
  if (!verdict || isRunning(status)) return { kind: "inProgress", ...defined({ incident }) };
  return {
    kind: "triaged",
    triage: triageFrom(alert, alertId, verdict),
    ...(incident ? { incident } : defenderPart(alert, alertId)),
  };
}

function triageFrom(alert: AlertResult, alertId: string, verdict: string): Triage {
  const { triage_result: result } = alert;
  const triage = {
    alertId,
    // The verdict is derived from this word, so its case and form must not matter.
    verdict: wordKey(verdict),
    verdictTitle: untrustedText(result.alert_verdict_display, 60) ?? titleFrom(verdict),
    ...defined({
      riskLevel: untrustedText(result.risk_level_display ?? titleFrom(result.risk_level), 40),
      riskCategory: untrustedText(result.risk_category_display ?? titleFrom(result.risk_category), 60),
      note: plainText(alert.note, 2000),
      link: intezerLink(alert.intezer_alert_url),
    }),
    recommendedActions: recommendedActionsFrom(alert.response),
    ...defined({ updatedAt: instantFrom(alert.alert_update_time) }),
  };
  const family = untrustedText(result.family_name ?? result.threat_name, 80);
  const isBad = ["malicious", "suspicious"].includes(verdictOfTriage(triage));
  return isBad && family ? { ...triage, family } : triage;
}

const mostActions = 10;

function recommendedActionsFrom(response: AlertResult["response"]): readonly string[] {
  const display = (response.user_recommended_actions_display ?? "").split(/\r?\n|<br[ \t]{0,9}\/?>/i);
  const shown = textsFrom(display);
  return shown.length > 0
    ? shown
    : textsFrom(response.user_recommended_actions.map((action) => titleFrom(action)));
}

function textsFrom(values: readonly (string | undefined)[]): readonly string[] {
  const texts: string[] = [];
  for (const value of values) {
    const text = plainText(value, 200);
    if (text) texts.push(text);
    if (texts.length === mostActions) break;
  }
  return texts;
}

/** `sender` names the product that the alert came from; not every answer has it. */
function defenderPart(alert: AlertResult, alertId: string): Pick<AlertOrigin, "defenderAlertIds"> {
  if (wordKey(alert.sender ?? "msd") !== "msd") return {};
  const ids = [alert.microsoft_sentinel_incident_id, alert.alert.alert_id, alertId];
  return { defenderAlertIds: [...new Set(ids.filter((id) => id !== undefined))] };
}

/** The incident of our submission, which the alert repeats; with `sender: "msd"` that field has a vendor's alert id. */
function incidentNamedBy(alert: AlertResult, incidentFrom: IncidentReader): IncidentRef | undefined {
  const named = [alert.raw_alert?.object.id, alert.microsoft_sentinel_incident_id];
  return named.map((id) => incidentFrom(id ?? "")).find((incident) => incident !== undefined);
}

const longestTitle = 200;

/** Intezer's display texts are its words in title case: "confirmed_threat" is "Confirmed Threat". */
function titleFrom(word: string): string;
function titleFrom(word: string | undefined): string | undefined;
function titleFrom(word: string | undefined): string | undefined {
  return word
    ?.slice(0, longestTitle)
    .replaceAll("_", " ")
    .replace(/(?<=^|\s)\p{Ll}/gu, (letter) => letter.toUpperCase());
}

const longestMarkup = 20_000;
const entities: Readonly<Record<string, string>> = { amp: "&", quot: '"', "#39": "'", apos: "'", nbsp: " " };

const inlineTag = /<\/?(?:a|b|code|em|font|i|span|strong|u)\b[^<>]*>/gi;

/**
 * The text of a note that may contain markup, as one line. Tags are removed, also unfinished ones, and so are scripts and
 * styles; of the character references only those that cannot create a tag are resolved. The result still needs encoding.
 */
export function plainText(markup: string | undefined, maxLength: number): string | undefined {
  const text = (markup ?? "")
    .slice(0, longestMarkup)
    .replace(/<(script|style)\b[^<>]*>[^<]*<\/\1\s*>/gi, " ")
    .replace(inlineTag, "")
    .replace(/<[/!?a-z][^<>]*>/gi, " ")
    .replace(/(?<!<)<+(?=[/!?a-z])/gi, " ")
    .replace(/&(amp|quot|#39|apos|nbsp);/g, (reference, name: string) => entities[name] ?? reference);
  return untrustedText(text, maxLength);
}
