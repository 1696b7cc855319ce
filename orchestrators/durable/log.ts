import type { OrchestrationContext } from "durable-functions";

/**
 * One line for operators: a fixed sentence and fields; written once, not again in every replay. A field `cause` that is
 * `key` raises an alert of the deployment (infra/modules/alerts.bicep); sentences that begin with "Left" are in the
 * workbook, by their causes (infra/workbook/queries/left-undone.kql).
 */
export function log(
  context: OrchestrationContext,
  sentence: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  if (!context.df.isReplaying) context.log(sentence, { instanceId: context.df.instanceId, ...fields });
}
