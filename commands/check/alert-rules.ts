import { z } from "zod";
import { nameOf, type ResourceManager } from "../deployment/resource-manager";
import { type Line, linesNamed } from "./line";

/** As infra/modules/alerts.bicep deploys them. */
export const alertRuleNames = [
  "Runs failed",
  "Runs stay open",
  "API key rejected",
  "Webhook refused",
  "No run for 24 hours",
  "Results lost",
  "Telemetry cap reached",
  "Relay runs failed",
];

const rule = z.object({
  name: z.string(),
  properties: z.object({ enabled: z.boolean(), actions: z.unknown() }),
});

const kinds = [
  { type: "scheduledQueryRules", "api-version": "2023-12-01" },
  { type: "metricAlerts", "api-version": "2018-03-01" },
] as const;

const line = linesNamed("alert rules");

/** Whether the alert rules of a resource group exist, are enabled, and notify at least one person. */
export async function checkAlertRules(azure: ResourceManager, group: string): Promise<Line> {
  const readings = await Promise.all(
    kinds.map(({ type, ...query }) =>
      azure.list({
        schema: rule,
        path: `${group}/providers/Microsoft.Insights/${type}`,
        query,
        needs: `the role Reader on the resource group ${nameOf(group)}`,
      }),
    ),
  );
  const refused = readings.find((reading) => reading.kind !== "done");
  if (refused) return line.failed(refused.reason);
  const rules = readings.flatMap((reading) => (reading.kind === "done" ? reading.value : []));
  const ours = rules.filter(({ name }) => alertRuleNames.includes(name));
  const missing = alertRuleNames.filter((name) => !ours.some((each) => each.name === name));
  if (missing.length > 0) return line.failed(`missing: ${missing.join(", ")}. Deploy again`);
  const disabled = ours.filter(({ properties }) => !properties.enabled).map(({ name }) => name);
  if (disabled.length > 0)
    return line.failed(`disabled: ${disabled.join(", ")}. Enable them in Azure Monitor, Alerts, Alert rules`);
  return ours.every(({ properties }) => !hasActionGroup(properties.actions))
    ? line.note(`all ${ours.length} are enabled, but notify no one: set ALERT_EMAIL and deploy again`)
    : line.ok(`all ${ours.length} are enabled`);
}

/** Rules over logs name their action groups, those over metrics hold objects that do. */
function hasActionGroup(actions: unknown): boolean {
  return /\/actionGroups\//i.test(JSON.stringify(actions ?? null));
}
