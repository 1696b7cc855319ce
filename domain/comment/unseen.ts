import type { Incident } from "../incident/incident";
import { mostAlerts, mostDefenderEntities } from "../incident/limits";
import type { Note } from "./notes";

/** Notes if the incident may contain more than Sentinel shows, which the app then cannot look up. */
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
