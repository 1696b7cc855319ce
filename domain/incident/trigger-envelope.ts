import { z } from "zod";
import { jsonFrom } from "../json";
import type { Entity } from "./entity";
import { entityKey } from "./entity";

/** What we look at of the body that an automation rule sends; everything else passes through as it came. */
const envelopeSchema = z.looseObject({
  object: z.looseObject({
    properties: z
      .looseObject({ relatedEntities: z.array(z.unknown()).catch([]) })
      .catch({ relatedEntities: [] }),
  }),
});

/**
 * The trigger body (JSON text) with entities where it lists none: an incident is often sent before it has any. They
 * get the form in which the trigger lists them. `undefined` when there is nothing to complete.
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
