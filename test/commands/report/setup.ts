import { createLogQuery } from "../../../clients/log-analytics/log-reader";
import { readClosings } from "../../../commands/report/read-closings";
import {
  type LogAnalyticsSimulator,
  startLogAnalyticsSimulator,
} from "../../../local/simulators/log-analytics";
import type { QueryHandler } from "../../../local/simulators/log-queries";
import { manualClock } from "../../support/manual-clock";

const scope =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc";

/** A workspace that answers the report's query. */
export function startWorkspace(answer: QueryHandler): Promise<LogAnalyticsSimulator> {
  const clock = manualClock(Date.parse("2026-11-26T12:00:00Z"));
  return startLogAnalyticsSimulator({ clock, workspaces: [scope] }).then((simulator) => {
    simulator.answer({ "verdicts-against-closings": answer });
    return simulator;
  });
}

export function readFrom({ endpoint }: LogAnalyticsSimulator) {
  const credential = { getToken: async () => null };
  const runQuery = createLogQuery({ endpoint, credential, timeoutMs: 10_000 });
  return readClosings(runQuery, { scope, days: 30, isSimulated: false });
}
