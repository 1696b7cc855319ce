import type { OrchestrationContext } from "durable-functions";

/**
 * Logs one line for operators: a fixed sentence and fields; only once, not again in every replay. A field `cause` with the
 * value `key` raises an alert (infra/modules/alerts.bicep); the workbook shows sentences that begin with "Left", by cause
 * (infra/workbook/queries/left-undone.kql).
 */
export function log(
  context: OrchestrationContext,
  sentence: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  if (!context.df.isReplaying) context.log(sentence, { instanceId: context.df.instanceId, ...fields });
}
