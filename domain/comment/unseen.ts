import type { Incident } from "../incident/incident";
import { mostAlerts, mostDefenderEntities } from "../incident/limits";
import type { Note } from "./notes";

/** That the incident may hold more than its store shows: what is not seen is not looked up. */
export function unseenNotes({ alertsCount = 0, fromDefender, entitiesCut }: Incident): readonly Note[] {
  if (alertsCount >= mostAlerts) {
    const where = fromDefender
      ? "See the incident in the Defender portal."
      : "Further alerts may be in another incident.";
    return [
      {
        title: "Possibly more",
        text: `Sentinel shows at most ${mostAlerts} alerts of an incident, and this incident has reached that limit: any further alerts were not looked up. ${where}`,
      },
    ];
  }
  return entitiesCut
    ? [
        {
          title: "Possibly more",
          text: `Sentinel may show only ${mostDefenderEntities} entities of an incident from Defender, and this incident has reached that limit: any further entities were not looked up. See the incident in the Defender portal.`,
        },
      ]
    : [];
}
