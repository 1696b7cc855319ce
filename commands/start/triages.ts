import { confirmedThreat, type TriageFindings } from "../../local/simulators/intezer-data";

/** What Intezer says of an alert when the page fires its webhook, by the value that the form sends. */
export const triages = {
  threat: { label: "a confirmed threat", findings: confirmedThreat },
  harmless: {
    label: "a false positive",
    findings: {
      triage_result: {
        alert_verdict: "false_positive",
        alert_verdict_display: "False Positive",
        risk_category: "trusted",
        risk_category_display: "Trusted",
        risk_level: "low",
        risk_level_display: "Low",
        risk_score: 0,
        families: [],
      },
      response: { status: "auto_resolved", status_display: "Auto Resolved" },
      note: "<p>Intezer verdict: <b>False Positive</b>.</p>",
    },
  },
} as const satisfies Readonly<Record<string, { readonly label: string; readonly findings: TriageFindings }>>;
