import type { IncidentReader, IncidentRef } from "../../../domain/incident/incident";
import { defined } from "../../../domain/json";
import {
  type AlertOrigin,
  type AlertReading,
  type Triage,
  verdictOfTriage,
} from "../../../domain/report/triage";
import { untrustedText } from "../../untrusted-text";
import { isRunning } from "../analysis";
import { instantFrom } from "../date";
import { intezerLink } from "../link";
import { type AlertResult, alertResult, envelopeFrom } from "../wire";
import { wordKey } from "../wire-values";
import { plainText } from "./plain-text";

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
