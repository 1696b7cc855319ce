import type { Clock } from "../clock";
import { addedAlerts, type Incidents, redirected, type StoredIncident } from "./sentinel-incidents";

export interface MergeOptions {
  /** How the source shows it: the number of the target, the portal's label, or both. Default both. */
  readonly shownBy?: "number" | "label" | "both";
  /** Until the alerts are in the target with their entities; they leave the source at once. Default 0. */
  readonly alertsAfterSeconds?: number;
  /** Until the tags are in the target; they leave the source then. Default 0. */
  readonly tagsAfterSeconds?: number;
}

/**
 * As the correlation engine of the Defender portal does: the source is closed, its alerts and tags go to the target, its
 * comments stay (https://learn.microsoft.com/defender-xdr/alerts-incidents-correlation). An incident that is closed is
 * no target. Throws for what is never merged.
 */
export function mergeIncidents(
  incidents: Incidents,
  clock: Clock,
  source: StoredIncident,
  target: StoredIncident,
  { shownBy = "both", alertsAfterSeconds = 0, tagsAfterSeconds = 0 }: MergeOptions = {},
): void {
  if (source === target) throw new Error("An incident is not merged into itself.");
  if (source.mergedInto) throw new Error(`The incident ${source.number} was merged already.`);
  if (target.properties.status === "Closed") throw new Error(`The incident ${target.number} is closed.`);

  source.mergedInto = target;
  source.properties = { ...source.properties, status: "Closed", classification: "Undetermined" };
  if (shownBy !== "label")
    source.additionalData = { ...source.additionalData, mergedIncidentNumber: String(target.number) };
  if (shownBy !== "number") source.labels = [...source.labels, redirected];

  const { alertIds, entities } = source;
  Object.assign(source, { alertIds: [], entities: [] });
  incidents.touch(source);
  after(clock, alertsAfterSeconds, () => {
    const there = survivorOf(target);
    there.alertIds = [...there.alertIds, ...alertIds];
    there.entities = [...there.entities, ...entities];
    incidents.touch(there, addedAlerts);
  });
  after(clock, tagsAfterSeconds, () => moveTags(incidents, source, survivorOf(target)));
}

function moveTags(incidents: Incidents, source: StoredIncident, target: StoredIncident): void {
  const names = new Set(target.labels.map(({ labelName }) => labelName.toLowerCase()));
  const moving = source.labels.filter((label) => label !== redirected);
  const added = moving.filter(({ labelName }) => !names.has(labelName.toLowerCase()));
  source.labels = source.labels.filter((label) => label === redirected);
  if (moving.length > 0) incidents.touch(source);
  if (added.length === 0) return;
  target.labels = [...target.labels, ...added];
  incidents.touch(target, { labels: added });
}

/** What is on its way goes along when the target is merged itself. */
export function survivorOf(incident: StoredIncident): StoredIncident {
  return incident.mergedInto ? survivorOf(incident.mergedInto) : incident;
}

function after(clock: Clock, seconds: number, move: () => void): void {
  if (seconds === 0) move();
  else clock.alarm(clock.now() + seconds * 1000, move);
}
