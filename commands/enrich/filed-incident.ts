import { z } from "zod";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import type { IncidentSeed } from "../../local/simulators/sentinel-incidents";

/** An incident that a file holds. */
export interface FiledIncident {
  readonly seed: IncidentSeed;
  /** ARM id of its workspace. */
  readonly workspace: string;
}

/** The parts of a trigger body that are used: nothing else matters to a lookup. */
const triggerBody = z.object({
  object: z.object({
    id: z.string().refine((id) => incidentFrom(id) !== undefined),
    properties: z.object({
      title: z.string().default("Incident from a file"),
      severity: z.string().default("Medium"),
      incidentNumber: z.number().optional().catch(undefined),
      relatedEntities: z.array(z.looseObject({ kind: z.string() })).default([]),
    }),
  }),
});

/** As a Logic App's run history shows what its trigger received: `{"headers": …, "body": …}`. */
const wrappedBody = z.object({ body: triggerBody }).transform(({ body }) => body);

/**
 * Reads the body of a Sentinel incident trigger (JSON); `undefined` for text that is no JSON object. Throws an error
 * that says what is wrong with one.
 */
export function filedIncidentFrom(text: string): FiledIncident | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  const body = z.union([triggerBody, wrappedBody]).safeParse(jsonFrom(text)).data?.object;
  if (!body)
    throw new Error(
      "The file is not the body of an incident trigger: object.id has to be the ARM id of an incident.",
    );
  const { relatedEntities, incidentNumber, ...properties } = body.properties;
  const [workspace = "", id = ""] = body.id.split(/\/providers\/Microsoft\.SecurityInsights\/incidents\//i);
  return {
    workspace,
    seed: {
      ...properties,
      // Without a number of its own the incident gets none: a link would name one that the simulator has made up.
      ...(incidentNumber === undefined ? { incidentUrl: null } : { incidentNumber }),
      id: id.replace(/\/$/, ""),
      entities: relatedEntities,
    },
  };
}

function jsonFrom(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("The file begins like JSON but is not valid JSON.");
  }
}
