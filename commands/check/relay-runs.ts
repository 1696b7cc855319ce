import { z } from "zod";
import { isLoopback } from "../../clients/azure-client";
import { createHttpClient } from "../../clients/http";
import type { Access } from "../deployment/access";

interface RelayRun {
  readonly name: string;
  /** As Logic Apps calls it: Running, Succeeded, Failed, ... */
  readonly status: string;
}

const runsSchema = z.object({
  value: z.array(z.object({ name: z.string(), properties: z.object({ status: z.string() }) })),
});

/**
 * The relay's latest runs, newest first. None when the history cannot be read, for which the signed-in account needs
 * Reader on the relay: it is a hint, and not what counts.
 */
export async function relayRuns(
  { config, credential, userAgent, timeoutMs }: Access,
  relayId: string,
): Promise<readonly RelayRun[]> {
  const baseUrl = config.sentinelEndpoint;
  const token = isLoopback(baseUrl) ? undefined : await credential.getToken(`${baseUrl}/.default`);
  const answer = await createHttpClient({ baseUrl, timeoutMs, userAgent })({
    method: "GET",
    path: `${relayId}/runs?api-version=2016-06-01&$top=10`,
    ...(token ? { headers: { Authorization: `Bearer ${token.token}` } } : {}),
  });
  const { data } = runsSchema.safeParse(answer.kind === "answer" ? answer.body : undefined);
  return (data?.value ?? []).map(({ name, properties }) => ({ name, status: properties.status }));
}
