import type { Clock } from "../clock";
import type { Change, StoredIncident } from "./sentinel-incidents";

/** Hands one update event to the automation rule. */
type SendUpdate = (incident: StoredIncident, change: Change) => void;

interface UpdateRule {
  readonly send: SendUpdate;
  readonly withinMs: number;
}

/**
 * Update events of the Defender portal: what changes within some minutes arrives as one event, which shows the newest
 * change only (https://learn.microsoft.com/azure/sentinel/automation/automation).
 */
export function createUpdates(clock: Clock) {
  const newest = new Map<StoredIncident, Change>();
  let rule: UpdateRule | undefined;
  return {
    /** From now on. `undefined`: no automation rule runs on updates. */
    setRule(next: UpdateRule | undefined) {
      rule = next;
    },
    note(incident: StoredIncident, change: Change) {
      if (!rule) return;
      const isWaiting = newest.has(incident);
      newest.set(incident, change);
      if (!isWaiting) clock.alarm(clock.now() + rule.withinMs, () => ring(incident));
    },
  };

  function ring(incident: StoredIncident) {
    const change = newest.get(incident);
    newest.delete(incident);
    if (change) rule?.send(incident, change);
  }
}
