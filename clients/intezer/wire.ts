import { z } from "zod";
import { count, figure, flag, hash, list, object, text, word, wordKey } from "./wire-values";

/**
 * The common part of the routes' bodies. Never fails: an empty body, HTML or another shape is an envelope without content.
 */
const envelope = z
  .object({
    status: word.transform((value) => value && wordKey(value)),
    result: object.optional().catch(undefined),
    result_url: text,
    alert_id: text,
    environment: text,
  })
  .catch({ status: undefined });
export type Envelope = z.infer<typeof envelope>;

export function envelopeFrom(body: unknown): Envelope {
  return envelope.parse(body);
}

const running = ["created", "queued", "in_progress"];

/** Whether a `status` says that there will be more. */
export function isRunning(status: string): boolean {
  return running.includes(status);
}

/** Content of a refusal: flags in `result`, an explanation, and the fields that it objects to. */
const refusalBody = z
  .object({
    error: text,
    /** In place of `error`: text, or an object like `details`. */
    message: z.unknown().optional(),
    description: text,
    details: object.optional().catch(undefined),
    result: z.object({ is_skipped_by_rule: flag, is_url_offline: flag }).catch(noFlags()),
  })
  .transform(({ error, message, description, details, result }) => ({
    text: error ?? (typeof message === "string" ? message : undefined) ?? description ?? "",
    fields: Object.keys({ ...details, ...object.safeParse(message).data }),
    isSkippedByRule: result.is_skipped_by_rule,
    isUrlOffline: result.is_url_offline,
  }))
  .catch({ text: "", fields: [], isSkippedByRule: false, isUrlOffline: false });
type RefusalBody = z.infer<typeof refusalBody>;

export function refusalBodyFrom(body: unknown): RefusalBody {
  return refusalBody.parse(body);
}

function noFlags() {
  return { is_skipped_by_rule: false, is_url_offline: false };
}

/** `expire_at` is in epoch seconds, whole or fractional, and may be missing. */
export const tokenBody = z.object({
  result: z.string().min(1),
  expire_at: z.number().optional().catch(undefined),
});

/**
 * `result` of a finished file analysis and of the latest result for a hash; without verdict and analysis it is
 * something else.
 */
export const fileResult = z
  .object({
    analysis_id: text,
    verdict: word,
    sub_verdict: word,
    sha256: hash(64),
    family_name: text,
    file_name: text,
    analysis_url: text,
    analysis_time: text,
  })
  .refine(({ verdict, analysis_id }) => verdict ?? analysis_id);
export type FileResult = z.infer<typeof fileResult>;

const noSummary = { verdict_type: undefined, verdict_name: undefined };

/** `result` of a finished URL analysis: unlike a file's it keeps its verdict in `summary`, which may be missing. */
export const urlResult = z
  .object({
    analysis_id: text,
    summary: z
      .object({ verdict_type: word, verdict_name: word, title: text, description: text })
      .catch(noSummary),
    indicators: list(
      z.object({ classification: word, text, indicator_type: word }).catch({ classification: undefined }),
    ),
    /** Of ApiVoid: 0 when clean. */
    api_void_risk_score: figure,
    scanned_url: text,
    redirect_chain: list(z.object({ url: text }).catch({})),
    ip: text,
    domain_info: z.object({ creation_date: text, domain_name: text, registrar: text }).catch({}),
    downloaded_file: z
      .object({
        sha256: text,
        analysis_summary: z
          .object({ verdict_type: word, verdict_name: word, verdict_description: text })
          .catch(noSummary),
      })
      .optional()
      .catch(undefined),
    analysis_url: text,
    analysis_time: text,
  })
  .refine(({ summary, analysis_id }) => summary.verdict_type ?? summary.verdict_name ?? analysis_id);
export type UrlResult = z.infer<typeof urlResult>;

/** Whose code the file consists of: body of `/analyses/{id}/sub-analyses/root/code-reuse`. */
export const codeReuse = z.object({
  gene_count: count,
  unique_gene_count: count,
  common_gene_count: count,
  families: list(
    z
      .object({ family_name: text, family_type: word, reused_gene_count: count })
      .catch({ family_type: undefined, reused_gene_count: undefined }),
  ),
});
export type CodeReuse = z.infer<typeof codeReuse>;

const technique = z.object({ name: text, ttp: text }).catch({});

/** What the file did when it ran: body of `/analyses/{id}/dynamic-ttps`. Severity 1 is low, 3 is high. */
export const behaviours = z.object({
  result: list(
    z
      .object({
        name: text,
        description: text,
        severity: count,
        ttps: list(technique),
        // An older form of the same field.
        ttp: technique.optional().catch(undefined),
      })
      .catch({ severity: undefined, ttps: [] })
      .transform(({ ttps, ttp, ...behaviour }) => ({
        ...behaviour,
        techniques: ttp ? [...ttps, ttp] : ttps,
      })),
  ),
});
export type Behaviour = z.infer<typeof behaviours>["result"][number];

/** Properties of the file: body of `/analyses/{id}/sub-analyses/root/metadata`. */
export const metadata = z.object({
  md5: hash(32),
  sha1: hash(40),
  sha256: hash(64),
  file_type: text,
  size_in_bytes: count,
  architecture: text,
  product: text,
  company: text,
  original_filename: text,
  compilation_timestamp: text,
});
export type Metadata = z.infer<typeof metadata>;

/** What Intezer knows about a file besides its verdict. */
export interface FileDetails {
  readonly codeReuse?: CodeReuse;
  readonly behaviours?: readonly Behaviour[];
  readonly metadata?: Metadata;
}

/** `result` of `/alerts/get-by-id`. While the triage runs it is partial and has no `triage_result`. */
export const alertResult = z.object({
  intezer_alert_url: text,
  note: text,
  alert_update_time: text,
  triage_result: z
    .object({
      alert_verdict: word,
      alert_verdict_display: text,
      risk_level: text,
      risk_level_display: text,
      risk_category: text,
      risk_category_display: text,
      family_name: text,
      threat_name: text,
    })
    .catch({}),
  response: z
    .object({ user_recommended_actions: list(text), user_recommended_actions_display: text })
    .catch({ user_recommended_actions: [] }),
  raw_alert: z
    .object({ object: z.object({ id: text }).catch({}) })
    .optional()
    .catch(undefined),
  microsoft_sentinel_incident_id: text,
  /** `msd` for Microsoft Defender. */
  sender: word,
  alert: z.object({ alert_id: text }).catch({}),
});
export type AlertResult = z.infer<typeof alertResult>;
