import type { Incident as ArmIncident, IncidentOwnerInfo } from "@azure/arm-securityinsight";
import { z } from "zod";
import type { Entity } from "../../domain/incident/entity";
import type { Incident, Merge } from "../../domain/incident/incident";
import type { IncidentComment } from "../../domain/incident/incident-store";
import { defined } from "../../domain/json";
import { incidentFrom } from "./arm-id";

/** Null, missing and nonsense all count as absent. */
function optional<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined);
}

const link = optional(
  z
    .string()
    .max(2_000)
    .pipe(z.url({ protocol: /^https$/ })),
);

/** A number, which Sentinel sometimes writes as text. */
export const wholeNumber = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

/**
 * Sentinel shows at most 150 alerts of an incident, and its page writes "150+" for more
 * (https://learn.microsoft.com/azure/sentinel/microsoft-365-defender-sentinel-integration).
 */
export const alertCount = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,15}\+?$/)
      .transform((digits) => Number.parseInt(digits, 10)),
  ])
  .pipe(z.number().int().nonnegative());
export const labels = z.array(z.object({ labelName: z.string(), labelType: optional(z.string()) }));

/** What `additionalData` says of a merge. Zero is the number of no incident. */
export const mergedFields = z.object({
  mergedIncidentNumber: optional(wholeNumber.pipe(z.number().int().positive())),
  mergedIncidentUrl: link,
});

/**
 * The merge that closed the incident, if any: Sentinel names the other incident, or the portal's own label shows it. An
 * open incident with the label was not merged itself, since merges move all tags, including this one.
 */
export function mergeOf(
  status: string,
  { mergedIncidentNumber: into, mergedIncidentUrl }: Partial<z.infer<typeof mergedFields>> = {},
  present: z.infer<typeof labels> = [],
): Merge | undefined {
  if (status.toLowerCase() !== "closed") return undefined;
  if (into === undefined) return present.some(isRedirectLabel) ? {} : undefined;
  const ref = incidentFrom(mergedIncidentUrl?.match(/\/subscriptions\/.*/i)?.[0] ?? "");
  return { into, ...defined({ ref }) };
}

/**
 * Whether it is the label that the Defender portal sets on the source of a merge. A label of that name that a person or a
 * rule has set (`labelType` is `User`) does not mean a merge: otherwise anyone who may tag an incident could redirect its
 * enrichment.
 */
export function isRedirectLabel({ labelName, labelType }: z.infer<typeof labels>[number]): boolean {
  return labelName.trim().toLowerCase() === "redirected" && labelType?.toLowerCase() === "autoassigned";
}

/** Body of `GET incidents/{id}`. */
export const incidentSchema = z
  .object({
    etag: optional(z.string()),
    properties: z.object({
      incidentNumber: wholeNumber.catch(0),
      severity: z.string(),
      status: z.string(),
      incidentUrl: link,
      providerName: optional(z.string()),
      labels: optional(labels),
      additionalData: optional(
        mergedFields.extend({
          commentsCount: optional(wholeNumber),
          alertsCount: optional(alertCount),
          providerIncidentUrl: link,
        }),
      ),
    }),
  })
  .transform(({ etag, properties }): Incident => {
    const { commentsCount, alertsCount, providerIncidentUrl, ...merged } = properties.additionalData ?? {};
    const url = providerIncidentUrl ?? properties.incidentUrl;
    return {
      number: properties.incidentNumber,
      isUrgent: properties.severity === "High",
      commentsCount: commentsCount ?? 0,
      ...defined({
        alertsCount,
        url,
        etag,
        tags: properties.labels?.map(({ labelName }) => labelName),
        merge: mergeOf(properties.status, merged, properties.labels),
      }),
      ...(isFromDefender(properties.providerName) ? { fromDefender: true } : {}),
    };
  });

/** Body of `GET incidents`; unreadable incidents are ignored. */
export const incidentPageSchema = z
  .object({
    value: z.array(z.object({ id: z.string() }).and(incidentSchema).optional().catch(undefined)),
  })
  .transform(({ value }) => value.filter((listed) => listed !== undefined));

/** Null or missing, and nothing else: a value that is not understood must not be reset by writing it back as absent. */
function settable<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

const settableText = settable(z.string());
const settableDate = settable(z.string().pipe(z.coerce.date()));
const owner = settable(z.custom<IncidentOwnerInfo>((value) => typeof value === "object" && value !== null));

/** `Microsoft XDR`, and `Microsoft 365 Defender` before it was renamed. */
function isFromDefender(providerName = ""): boolean {
  return ["microsoft xdr", "microsoft 365 defender"].includes(providerName.toLowerCase());
}

/**
 * The same body for a PUT: everything that is writable and was set, since a PUT resets what it omits, and nothing that the
 * service owns. The SDK sends dates with milliseconds, where Sentinel stores seven digits, and labels without `labelType`,
 * which is read-only.
 */
export const writableIncidentSchema = z
  .object({
    etag: settableText,
    properties: z.object({
      title: z.string(),
      description: settableText,
      severity: z.string(),
      status: z.string(),
      owner,
      classification: settableText,
      classificationReason: settableText,
      classificationComment: settableText,
      firstActivityTimeUtc: settableDate,
      lastActivityTimeUtc: settableDate,
      labels: settable(labels),
      additionalData: optional(mergedFields),
    }),
  })
  .transform(({ etag, properties: { labels: present = [], additionalData, ...writable } }) => {
    const body: ArmIncident = defined({ etag, ...writable });
    const merge = mergeOf(writable.status, additionalData, present);
    return { body, tags: present.map(({ labelName }) => labelName), ...defined({ merge }) };
  });

const text = optional(z.string());

const entity = z.object({
  id: text,
  name: text,
  kind: text,
  properties: optional(z.record(z.string(), z.unknown())),
});

/** Body of `POST incidents/{id}/entities`. An item that is not an entity stays in the list, without a kind. */
export const entitiesSchema = z
  .object({ entities: z.array(entity.catch({})).nullish() })
  .transform(({ entities }): readonly Entity[] =>
    (entities ?? []).map(({ id, name, kind, properties }) => ({
      id: isComplete(id) ? id : (name ?? ""),
      kind: kind ?? "",
      properties: properties ?? {},
    })),
  );

/** Recorded ids often end where the entity's own name should begin, and then identify no entity. */
function isComplete(id: string | undefined): id is string {
  return id !== undefined && !id.toLowerCase().endsWith("/entities/");
}

/** One page of `GET incidents/{id}/comments`. */
export const commentPageSchema = z
  .object({
    value: z.array(
      z
        .object({ name: z.string(), properties: z.object({ message: z.string() }).catch({ message: "" }) })
        .optional()
        .catch(undefined),
    ),
    nextLink: text,
  })
  .transform(({ value, nextLink }) => ({
    comments: value.flatMap((comment): readonly IncidentComment[] =>
      comment ? [{ id: comment.name, message: comment.properties.message }] : [],
    ),
    nextLink,
  }));

/** The common part of every answer that shows a resource. */
export const resourceSchema = z.object({ name: z.string(), properties: z.object({}) });

const errorSchema = z.object({ error: z.object({ code: z.string().regex(/^[A-Za-z]{1,60}$/) }) });

/** The code of an ARM error body, if it is one. Messages are ignored because they contain ids. */
export function errorCodeFrom(body: unknown): string | undefined {
  return errorSchema.safeParse(body).data?.error.code;
}
