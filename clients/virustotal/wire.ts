import { z } from "zod";

/**
 * What is used of VirusTotal's API v3 (https://docs.virustotal.com/reference/overview). Every attribute may be missing,
 * and one that has another type than expected counts as missing: a report is worth reading without it.
 */
const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const text = maybe(z.string());
const count = maybe(z.number().int().nonnegative());
/** Unix seconds, up to the year 9999. */
const seconds = maybe(z.number().int().nonnegative().max(253_402_300_799));
const texts = maybe(z.array(z.string()));
/** A list without the items that are of another shape. */
const listOf = <T extends z.ZodType>(item: T) => maybe(z.array(maybe(item)));
const named = <T extends z.ZodType>(item: T) => maybe(z.record(z.string(), maybe(item)));
const counts = listOf(z.object({ value: text, count }));

const attributesSchema = z.object({
  last_analysis_stats: maybe(
    z.object({ malicious: count, suspicious: count, undetected: count, harmless: count }),
  ),
  last_analysis_results: named(z.object({ category: text, engine_name: text, result: text })),
  last_analysis_date: seconds,
  last_modification_date: seconds,
  total_votes: maybe(z.object({ harmless: count, malicious: count })),
  tags: texts,
  gti_assessment: maybe(
    z.object({
      verdict: maybe(z.object({ value: text })),
      threat_score: maybe(z.object({ value: count })),
      severity: maybe(z.object({ value: text })),
    }),
  ),
  categories: named(z.string()),
  times_submitted: count,
  unique_sources: count,

  // Files
  md5: text,
  sha1: text,
  sha256: text,
  meaningful_name: text,
  names: texts,
  type_description: text,
  magic: text,
  size: count,
  creation_date: seconds,
  first_submission_date: seconds,
  last_submission_date: seconds,
  popular_threat_classification: maybe(
    z.object({
      suggested_threat_label: text,
      popular_threat_category: counts,
      popular_threat_name: counts,
    }),
  ),
  sandbox_verdicts: named(
    z.object({ category: text, sandbox_name: text, malware_classification: texts, malware_names: texts }),
  ),
  sigma_analysis_stats: maybe(z.object({ critical: count, high: count, medium: count, low: count })),
  sigma_analysis_results: listOf(z.object({ rule_level: text, rule_title: text })),
  crowdsourced_ids_stats: maybe(z.object({ high: count, medium: count, low: count, info: count })),
  crowdsourced_ids_results: listOf(z.object({ alert_severity: text, rule_msg: text })),
  crowdsourced_yara_results: listOf(z.object({ rule_name: text, ruleset_name: text })),
  signature_info: maybe(
    z.object({
      verified: text,
      copyright: text,
      product: text,
      description: text,
      "original name": text,
      "internal name": text,
      "file version": text,
      "signing date": text,
      signers: text,
    }),
  ),
  trusted_verdict: maybe(z.object({ organization: text, verdict: text, filename: text })),
  known_distributors: maybe(z.object({ distributors: texts, products: texts })),

  // Addresses
  as_owner: text,
  asn: count,
  network: text,
  country: text,
  continent: text,
  regional_internet_registry: text,

  // Domains
  registrar: text,
  last_update_date: seconds,
  expiration_date: seconds,
  popularity_ranks: named(z.object({ rank: count })),

  // URLs
  title: text,
  last_final_url: text,
  redirection_chain: texts,
  last_http_response_code: count,
  threat_names: texts,
});

export type Attributes = z.infer<typeof attributesSchema>;

export const reportSchema = z.object({
  data: z.object({ id: z.string(), type: z.string(), attributes: attributesSchema }),
});

export type Report = z.infer<typeof reportSchema>["data"];

export const errorSchema = z.object({ error: z.object({ code: z.string() }) });
