import type { OrchestrationContext } from "durable-functions";
import { type Attempt, again } from "../domain/attempt";
import type { SendResultsInput } from "../domain/results/results-sink";
import { call, log, type Step } from "./durable/call";
import { now, persist } from "./durable/timers";
import { resultsWaits } from "./waits";

interface SendResultsOutput {
  readonly sent: number;
  readonly lost: number;
}

/**
 * Sends the rows of one part of a run to the results table, separately from the run: nothing waits for it. Rows that could
 * not be sent within a day are lost, and counted in a log line that raises an alert (infra/modules/alerts.bicep). Never
 * fails.
 */
export function* sendResults(context: OrchestrationContext): Step<SendResultsOutput> {
  const { batches } = context.df.getInput<SendResultsInput>() as SendResultsInput;
  const until = now(context) + resultsWaits.for * 1000;
  let sent = 0;
  let lost = 0;
  for (const [batch, rows] of batches.entries()) {
    const ended = yield* persist(context, () => ingest(context, batch), { until, waits: resultsWaits });
    if (ended.kind === "done") sent += rows.length;
    else {
      lost += rows.length;
      log(context, "Lost rows of the results", { rows: rows.length, reason: ended.reason });
    }
  }
  return { sent, lost };
}

function* ingest(context: OrchestrationContext, batch: number): Step<Attempt<{ readonly rows: number }>> {
  try {
    return yield* call(context, "ingestRows", { instanceId: context.df.instanceId, batch });
  } catch {
    return again("The activity ended without an answer.");
  }
}
