import { z } from "zod";

/** Anything but text counts as absent: no field is promised, and several are null in real answers. */
const text = z.string().optional().catch(undefined);
const texts = z.array(z.string()).catch([]);
const object = z.record(z.string(), z.unknown());

/**
 * What the routes' bodies have in common. Never fails: an empty body, HTML or another shape is an envelope without
 * content.
 */
const envelope = z
  .object({
    status: text,
    result: object.optional().catch(undefined),
    result_url: text,
    error: text,
    alert_id: text,
    environment: text,
  })
  .catch({});
export type Envelope = z.infer<typeof envelope>;

export function envelopeFrom(body: unknown): Envelope {
  return envelope.parse(body);
}

/** `expire_at` is in epoch seconds, whole or fractional, and may be missing. */
export const tokenBody = z.object({
  result: z.string().min(1),
  expire_at: z.number().optional().catch(undefined),
});

/** `result` of a finished file analysis and of the latest result for a hash. */
export const fileResult = z.object({
  analysis_id: text,
  verdict: z.string().min(1),
  sub_verdict: text,
  family_name: text,
  file_name: text,
  analysis_url: text,
  analysis_time: text,
});
export type FileResult = z.infer<typeof fileResult>;

/** `result` of a finished URL analysis: unlike a file's it keeps its verdict in `summary`. */
export const urlResult = z.object({
  summary: z.object({
    verdict_type: z.string().min(1),
    verdict_name: text,
    title: text,
    description: text,
  }),
  indicators: z.array(z.object({ classification: text, text }).catch({})).catch([]),
  scanned_url: text,
  redirect_chain: z.array(z.object({ url: text }).catch({})).catch([]),
  ip: text,
  domain_info: z.object({ creation_date: text, domain_name: text, registrar: text }).catch({}),
  downloaded_file: z
    .object({
      sha256: text,
      analysis_summary: z
        .object({ verdict_type: text, verdict_name: text, verdict_description: text })
        .catch({}),
    })
    .optional()
    .catch(undefined),
  analysis_url: text,
  analysis_time: text,
});
export type UrlResult = z.infer<typeof urlResult>;

const count = z.number().int().nonnegative().optional().catch(undefined);

/** Whose code the file consists of: body of `/analyses/{id}/sub-analyses/root/code-reuse`. */
export const codeReuse = z.object({
  gene_count: count,
  unique_gene_count: count,
  common_gene_count: count,
  families: z
    .array(z.object({ family_name: text, family_type: text, reused_gene_count: count }).catch({}))
    .catch([]),
});
export type CodeReuse = z.infer<typeof codeReuse>;

const technique = z.object({ name: text, ttp: text }).catch({});

/** What the file did when it ran: body of `/analyses/{id}/dynamic-ttps`. Severity 1 is low, 3 is high. */
export const behaviours = z.object({
  result: z.array(
    z
      .object({
        name: text,
        description: text,
        severity: count,
        ttps: z.array(technique).catch([]),
        // An older form of the same.
        ttp: technique.optional().catch(undefined),
      })
      .catch({ ttps: [] }),
  ),
});
export type Behaviour = z.infer<typeof behaviours>["result"][number];

/** What the file is: body of `/analyses/{id}/sub-analyses/root/metadata`. */
export const metadata = z.object({
  file_type: text,
  size_in_bytes: count,
  architecture: text,
  product: text,
  company: text,
  original_filename: text,
  compilation_timestamp: text,
});
export type Metadata = z.infer<typeof metadata>;

/** `result` of `/alerts/get-by-id`. While the triage runs it is partial and has no `triage_result`. */
export const alertResult = z.object({
  intezer_alert_url: text,
  note: text,
  alert_update_time: text,
  triage_result: z
    .object({
      alert_verdict: text,
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
    .object({ user_recommended_actions: texts, user_recommended_actions_display: text })
    .catch({ user_recommended_actions: [] }),
  raw_alert: z
    .object({ object: z.object({ id: text }).catch({}) })
    .optional()
    .catch(undefined),
  microsoft_sentinel_incident_id: text,
  /** `msd` for Microsoft Defender. */
  sender: text,
  alert: z.object({ alert_id: text }).catch({}),
});
export type AlertResult = z.infer<typeof alertResult>;
