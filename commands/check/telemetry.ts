import { z } from "zod";
import { nameOf, type ResourceManager } from "../deployment/resource-manager";
import { type Line, linesNamed } from "./line";

const component = z.object({ properties: z.object({ WorkspaceResourceId: z.string() }) });

/** ARM ids of the workspaces that take the telemetry of a resource group. */
async function telemetryWorkspaces(azure: ResourceManager, group: string) {
  const components = await azure.list({
    schema: component,
    path: `${group}/providers/Microsoft.Insights/components`,
    query: { "api-version": "2020-02-02" },
    needs: `the role Reader on the resource group ${nameOf(group)}`,
  });
  return components.kind === "done"
    ? { ...components, value: components.value.map(({ properties }) => properties.WorkspaceResourceId) }
    : components;
}

const line = linesNamed("daily cap");

/**
 * Whether the workspaces still take data today: those of the app's telemetry, on which its alerts rest, and those of
 * Microsoft Sentinel (ARM ids).
 */
export async function checkDailyCaps(
  azure: ResourceManager,
  group: string,
  sentinel: readonly string[],
): Promise<readonly Line[]> {
  const own = await telemetryWorkspaces(azure, group);
  if (own.kind !== "done") return [line.failed(own.reason)];
  if (own.value.length === 0)
    return [
      line.failed(`${nameOf(group)} has no Application Insights, so the alerts cannot fire: deploy again`),
    ];
  return Promise.all([
    ...own.value.map((id) => checkDailyCap(azure, id, "the alerts cannot fire")),
    ...sentinel.map((id) => checkDailyCap(azure, id, "Microsoft Sentinel raises no alerts from its data")),
  ]);
}

/** https://learn.microsoft.com/azure/azure-monitor/logs/daily-cap */
const workspace = z.object({
  properties: z.object({
    workspaceCapping: z
      .object({
        dailyQuotaGb: z.number().nullish(),
        /** RespectQuota, ApproachingQuota, OverQuota, ForceOn, ForceOff, SubscriptionSuspended */
        dataIngestionStatus: z.string().nullish(),
        /** The hour differs from workspace to workspace. */
        quotaNextResetTime: z.string().nullish(),
      })
      .nullish(),
  }),
});

async function checkDailyCap(azure: ResourceManager, id: string, consequence: string): Promise<Line> {
  const reading = await azure.read({
    schema: workspace,
    path: id,
    query: { "api-version": "2023-09-01" },
    needs: `the role Log Analytics Reader on ${nameOf(id)}`,
  });
  if (reading.kind !== "done") return line.failed(`${nameOf(id)}: ${reading.reason}`);
  const { dailyQuotaGb, dataIngestionStatus, quotaNextResetTime } =
    reading.value.properties.workspaceCapping ?? {};
  const cap = dailyQuotaGb && dailyQuotaGb > 0 ? `${dailyQuotaGb} GB a day` : "no cap";
  const until = quotaNextResetTime ? ` until ${quotaNextResetTime}` : "";
  switch (dataIngestionStatus) {
    case "OverQuota":
      return line.failed(
        `${nameOf(id)} takes no more data${until} (${cap}), and ${consequence}: find what writes so much, or raise the cap`,
      );
    case "ForceOff":
    case "SubscriptionSuspended":
      return line.failed(`${nameOf(id)} takes no data (${dataIngestionStatus}), and ${consequence}`);
    case "ApproachingQuota":
      return line.note(`${nameOf(id)} is close to its cap (${cap}); once it is reached, ${consequence}`);
    default:
      return line.ok(`${nameOf(id)} takes data (${cap})`);
  }
}
