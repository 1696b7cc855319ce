import { describe, expect, it } from "vitest";
import { cardOf, redirectsText, section, texts } from "../../clients/card";
import { faultReasonOf } from "../../clients/fault-reason";
import { retryAfterSeconds } from "../../clients/http-response";
import {
  analysisPathIn,
  analysisStateFrom,
  isAnalysisPath,
  urlAnalysis,
} from "../../clients/intezer/analysis";
import { fileOutcomeFrom, urlOutcomeFrom } from "../../clients/intezer/answer";
import { refusalFrom } from "../../clients/intezer/client";
import { alertReadingFrom, plainText } from "../../clients/intezer/triage";
import { verdictText } from "../../clients/intezer/verdict";
import { behaviours, codeReuse, envelopeFrom, metadata } from "../../clients/intezer/wire";
import { instantFrom, intezerLink, wordKey } from "../../clients/intezer/wire-values";
import { failureFrom } from "../../clients/sentinel/arm";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import { commentPageSchema, entitiesSchema, incidentSchema } from "../../clients/sentinel/wire";
import { fileNameFrom, fileNamesFrom, untrustedText } from "../../clients/untrusted-text";
import { relatedIn } from "../../clients/virustotal/related";
import { reportSchema } from "../../clients/virustotal/wire";
import { hostileTexts, isSteep } from "../support/growth";

const answer = (status: number, body: unknown) => ({ kind: "answer", status, headers: {}, body }) as const;
const asked = { to: "read", isSubmit: true };

/** Every pure function of the clients that reads what a service or an attacker wrote, with the text wherever it fits. */
const readers: Readonly<Record<string, (t: string) => unknown>> = {
  untrustedText: (t) => untrustedText(t, 200),
  fileNameFrom: (t) => fileNameFrom(t, 80),
  fileNamesFrom: (t) => fileNamesFrom([t, t], 80),
  texts: (t) => texts([t, t], 5, 80),
  redirectsText: (t) => redirectsText([t, t]),
  relatedIn: (t) => relatedIn(reportRelating(t), { kind: "file", value: t }),
  resolutionIn: (t) => relatedIn(reportRelating(t, "domain"), { kind: "domain", value: t }),
  cardOf: (t) => cardOf([section("x", [["y", untrustedText(t, 80)]])]),
  faultReasonOf,
  retryAfterSeconds: (t) => retryAfterSeconds({ "retry-after": t, "retry-after-ms": t }, 0),
  instantFrom,
  intezerLink,
  isAnalysisPath,
  wordKey,
  plainText: (t) => plainText(t, 2000),
  verdictText: (t) => verdictText(t.slice(0, 100), t.slice(0, 100)),
  envelopeFrom: (t) =>
    analysisPathIn(envelopeFrom({ status: t, result_url: t, result: { analysis_id: t } }), "url"),
  analysisStateFrom: (t) => analysisStateFrom(answer(200, { status: t, result: {} })),
  refusalFrom: (t) => refusalFrom(answer(403, { error: t, message: { [t]: t } }), asked, 0),
  outcomeOfSubmission: (t) => urlAnalysis.outcomeOfSubmission(answer(400, { error: t })),
  fileOutcomeFrom: (t) =>
    fileOutcomeFrom(
      { verdict: "malicious", sub_verdict: t, sha256: t, family_name: t, file_name: t, analysis_url: t },
      {
        ...detailsOf(t),
      },
    ),
  urlOutcomeFrom: (t) =>
    urlOutcomeFrom({
      summary: { verdict_type: t, verdict_name: t, title: t, description: t },
      analysis_id: t,
      indicators: [
        { classification: "malicious", text: t },
        { classification: t, text: t },
      ],
      api_void_risk_score: t,
      redirect_chain: [{ url: t }],
      scanned_url: t,
      ip: t,
      domain_info: { domain_name: t, registrar: t, creation_date: t },
      downloaded_file: { sha256: t, analysis_summary: { verdict_type: t, verdict_description: t } },
      analysis_url: t,
      analysis_time: t,
    }),
  alertReadingFrom: (t) =>
    alertReadingFrom(
      {
        status: t,
        result: {
          note: t,
          sender: t,
          intezer_alert_url: t,
          alert_update_time: t,
          microsoft_sentinel_incident_id: t,
          raw_alert: { object: { id: t } },
          triage_result: {
            alert_verdict: t,
            risk_level: t,
            risk_category: t,
            family_name: t,
            threat_name: t,
          },
          response: { user_recommended_actions: [t, t], user_recommended_actions_display: t },
        },
      },
      "1",
      incidentFrom,
    ),
  failureFrom: (t) => failureFrom(answer(400, { error: { code: t, message: t } })),
  entitiesSchema: (t) => entitiesSchema.safeParse({ entities: [{ id: t, name: t, kind: t }] }),
  commentPageSchema: (t) => commentPageSchema.safeParse({ value: [{ name: t, properties: { message: t } }] }),
  incidentSchema: (t) =>
    incidentSchema.safeParse({
      properties: {
        incidentNumber: t,
        title: t,
        severity: t,
        status: t,
        incidentUrl: `https://${t}`,
        additionalData: { commentsCount: t, providerIncidentUrl: t, mergedIncidentNumber: t },
      },
    }),
};

function detailsOf(t: string) {
  return {
    codeReuse: codeReuse.parse({ gene_count: t, families: [{ family_name: t, family_type: t }] }),
    behaviours: behaviours.parse({
      result: [{ name: t, description: t, ttps: [{ name: t, ttp: t }], ttp: { name: t, ttp: t } }],
    }).result,
    metadata: metadata.parse({ md5: t, file_type: t, original_filename: t, compilation_timestamp: t }),
  };
}

/** A report of which every relation is the text. */
function reportRelating(t: string, type = "file") {
  const descriptor = (of: string) => ({ type: of, id: t, context_attributes: { url: t } });
  return reportSchema.parse({
    data: {
      id: t,
      type,
      attributes: { redirection_chain: [t], last_final_url: t },
      relationships: {
        contacted_domains: { data: [descriptor("domain")] },
        contacted_ips: { data: [descriptor("ip_address")] },
        contacted_urls: { data: [descriptor("url")] },
        dropped_files: { data: [descriptor("file")] },
        resolutions: { data: [descriptor("resolution")] },
      },
    },
  }).data;
}

describe("work over hostile text grows with its length and no faster", () => {
  it.each(Object.entries(readers))("in %s", (_, read) => {
    const steep = Object.entries(hostileTexts).filter(([, textOf]) => isSteep(read, textOf));
    expect(steep.map(([unit]) => unit)).toEqual([]);
  });
});
