import { z } from "zod";

/**
 * The used part of VirusTotal's API v3 (https://docs.virustotal.com/reference/overview). Every attribute may be missing. An
 * attribute of an unexpected type counts as missing if it is only shown. If a verdict depends on it, it is `unreadable`
 * instead: a missing number means that there is nothing to report, an unreadable one does not.
 */
const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const unreadable = "unreadable";
const readable = <T extends z.ZodType>(schema: T) =>
  z
    .union([schema, z.literal(unreadable)])
    .optional()
    .catch(unreadable);

/** Treats `null` as missing. */
const nullable = <T extends z.ZodType>(schema: T) => z.preprocess((value) => value ?? undefined, schema);

const text = maybe(z.string());
/** A value of an enumeration, in lower case: VirusTotal's own spelling differs between endpoints. */
const lowerCase = z.string().transform((value) => value.trim().toLowerCase());
const word = maybe(lowerCase);
const count = maybe(z.number().int().nonnegative());
const counter = readable(z.number().int().nonnegative());
/** Numbers by name. If it is not an object, every number is unreadable; `null` counts as missing. */
const statistics = <const Name extends string>(...names: readonly Name[]) => {
  const each = <V>(value: V) => Object.fromEntries(names.map((name) => [name, value])) as Record<Name, V>;
  const block = (value: unknown) => (isBlock(value) ? value : each(null));
  return z.preprocess(
    (value) => (value == null ? undefined : block(value)),
    z.object(each(counter)).optional(),
  );
};
const isBlock = (value: unknown) => typeof value === "object" && !Array.isArray(value);
/** Unix seconds, up to the year 9999; 0 means no date. */
const seconds = maybe(z.number().int().positive().max(253_402_300_799));
const texts = maybe(z.array(z.string()));
/** A list without items of another shape. */
const listOf = <T extends z.ZodType>(item: T) => maybe(z.array(maybe(item)));
const named = <T extends z.ZodType>(item: T) => maybe(z.record(z.string(), maybe(item)));
/** What engines call a threat, in both shapes that occur: `{value, count}` and `[value, count]`. */
const threatName = z.union([
  z.object({ value: text }),
  z.tuple([z.string()], z.unknown()).transform(([value]) => ({ value })),
]);
const threatNames = listOf(threatName);

const attributesSchema = z.object({
  last_analysis_stats: statistics(
    "malicious",
    "suspicious",
    "undetected",
    "harmless",
    "timeout",
    "confirmed-timeout",
  ),
  last_analysis_results: named(z.object({ category: word, engine_name: text, result: text })),
  last_analysis_date: seconds,
  last_modification_date: seconds,
  total_votes: maybe(z.object({ harmless: count, malicious: count })),
  tags: texts,
  gti_assessment: maybe(
    z.object({
      verdict: nullable(readable(z.object({ value: nullable(readable(lowerCase)) }))),
      threat_score: maybe(z.object({ value: maybe(z.number().int().min(0).max(100)) })),
      severity: maybe(z.object({ value: word })),
    }),
  ),
  crowdsourced_context: listOf(
    z.object({ title: text, details: text, source: text, severity: word, timestamp: seconds }),
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
      popular_threat_category: threatNames,
      popular_threat_name: threatNames,
    }),
  ),
  sandbox_verdicts: nullable(
    z
      .record(
        z.string(),
        readable(
          z.object({
            category: readable(lowerCase),
            sandbox_name: text,
            malware_classification: texts,
            malware_names: texts,
          }),
        ),
      )
      .optional()
      .catch({ all: unreadable }),
  ),
  sigma_analysis_stats: statistics("critical", "high", "medium", "low"),
  sigma_analysis_results: listOf(z.object({ rule_level: word, rule_title: text })),
  crowdsourced_ids_stats: statistics("high", "medium", "low", "info"),
  crowdsourced_ids_results: listOf(z.object({ alert_severity: word, rule_msg: text })),
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
  trusted_verdict: maybe(z.object({ organization: text, verdict: word, filename: text })),
  known_distributors: maybe(z.object({ distributors: texts, products: texts })),

  // Addresses
  as_owner: text,
  asn: count,
  network: text,
  country: text,
  continent: text,
  regional_internet_registry: text,
  jarm: text,

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

/** Of a counter that is missing or unreadable 0. */
export const numberOf = (counter: number | "unreadable" | undefined) =>
  typeof counter === "number" ? counter : 0;

/** Maximum number in a report (`limit=20` in its links); any more are not read. */
const mostDescriptors = 20;

/** A reference to another object. A URL's id is a SHA-256, and the URL itself is next to it. */
const descriptorSchema = z
  .object({
    type: z.string(),
    id: z.string().max(1_000),
    context_attributes: maybe(z.object({ url: text })),
  })
  .transform(({ type, id, context_attributes: context }) => ({ type, id, url: context?.url }));

export type Descriptor = z.infer<typeof descriptorSchema>;

/** A list or, for a relation to a single object, that object or `null`. */
const relationshipSchema = z.object({
  data: z.preprocess(
    (data) => (Array.isArray(data) ? data.slice(0, mostDescriptors) : [data]),
    z.array(maybe(descriptorSchema)),
  ),
  meta: maybe(z.object({ count })),
});

export const reportSchema = z.object({
  data: z.object({
    id: z.string(),
    type: z.string(),
    attributes: attributesSchema,
    /** The requested relationships, by name. */
    relationships: named(relationshipSchema),
  }),
});

export type Report = z.infer<typeof reportSchema>["data"];

/** VirusTotal's own refusals have a code; answers of something in between have none. */
export const errorSchema = z.object({ error: z.object({ code: z.string().max(100) }) });
