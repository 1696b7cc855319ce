import { z } from "zod";

const identities = z
  .object({
    principalId: z.string().optional(),
    userAssignedIdentities: z.record(z.string(), z.object({ principalId: z.string().optional() })).nullish(),
  })
  .transform(({ principalId, userAssignedIdentities }) => [
    ...(principalId === undefined ? [] : [principalId]),
    ...Object.values(userAssignedIdentities ?? {}).flatMap((identity) => identity.principalId ?? []),
  ]);

/** Object ids of a resource's managed identities. */
export const principalIds = identities.optional().transform((ids) => ids ?? []);
