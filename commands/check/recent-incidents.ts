import { z } from "zod";
import { wholeNumber } from "../../clients/sentinel/wire";
import type { Attempt } from "../../domain/attempt";
import type { ResourceManager } from "../deployment/resource-manager";

const incident = z.object({
  properties: z.object({
    incidentNumber: wholeNumber.catch(0),
    severity: z.string().catch(""),
    createdTimeUtc: z.iso.datetime({ offset: true }),
    providerName: z.string().optional().catch(undefined),
  }),
});

/** One incident that cannot be read does not hide the others. */
const page = z.object({ value: z.array(incident.optional().catch(undefined)) });

export interface RecentIncident {
  readonly number: number;
  readonly severity: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** "Azure Sentinel", "Microsoft XDR", ... */
  readonly provider: string | undefined;
}

/** The latest incidents of a workspace (its ARM id), newest first, at most 50. */
export async function readRecentIncidents(
  azure: ResourceManager,
  workspace: string,
): Promise<Attempt<readonly RecentIncident[]>> {
  const reading = await azure.read({
    schema: page,
    path: `${workspace}/providers/Microsoft.SecurityInsights/incidents`,
    query: { "api-version": "2025-09-01", $orderby: "properties/createdTimeUtc desc", $top: "50" },
    needs: "the role Microsoft Sentinel Reader on the workspace",
  });
  if (reading.kind !== "done") return reading;
  const readable = reading.value.value.filter((each) => each !== undefined);
  const incidents = readable.map(({ properties }) => ({
    number: properties.incidentNumber,
    severity: properties.severity,
    createdAt: Date.parse(properties.createdTimeUtc),
    provider: properties.providerName,
  }));
  return { kind: "done", value: incidents };
}
