import { z } from "zod";
import { jsonFrom } from "../json";
import type { Entity } from "./entity";
import { entityKey } from "./entity";

/** The parts of an automation rule's body that the app reads; everything else passes through unchanged. */
const envelopeSchema = z.looseObject({
  object: z.looseObject({
    properties: z
      .looseObject({ relatedEntities: z.array(z.unknown()).catch([]) })
      .catch({ relatedEntities: [] }),
  }),
});

/**
 * Completes a trigger body (JSON text) that lists no entities, since an incident is often sent before it has any. The
 * entities get the form in which the trigger lists them. `undefined` if there is nothing to complete.
 */
export function completion(envelope: string): ((entities: readonly Entity[]) => string) | undefined {
  const { data: body } = envelopeSchema.safeParse(jsonFrom(envelope));
  if (!body || body.object.properties.relatedEntities.length > 0) return undefined;
  return (entities) => {
    const relatedEntities = entities.map(({ id, kind, properties }) => ({
      id,
      name: entityKey(id),
      type: "Microsoft.SecurityInsights/Entities",
      kind,
      properties,
    }));
    const { object } = body;
    return JSON.stringify({
      ...body,
      object: { ...object, properties: { ...object.properties, relatedEntities } },
    });
  };
}
