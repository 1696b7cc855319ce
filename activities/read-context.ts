import type { ContextReading, ContextRequest, ContextSource } from "../domain/report/context";
import type { Invocation } from "./invocation";

/**
 * What the workspace's own logs know of the indicators. Never throws for what the service can answer: the comment is
 * written with or without it.
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
