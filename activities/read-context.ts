import type { ContextReading, ContextRequest, ContextSource } from "../domain/report/context";
import type { Invocation } from "./invocation";

/**
 * Searches the workspace's own logs for the indicators. Never throws for anything the service may answer: the comment is
 * written with or without the result.
 */
export function createReadContext(source: ContextSource) {
  return async (request: ContextRequest, { log }: Invocation): Promise<ContextReading> => {
    const reading = await source.read(request);
    const { gaps, indicators } = reading.context;
    log("Searched the workspace's logs", {
      incidentId: request.incident.incidentId,
      asked: request.indicators.length,
      known: Object.keys(indicators).length,
      gaps: gaps.map(({ part, kind, reason }) => ({ part, kind, reason })),
    });
    return reading;
  };
}
