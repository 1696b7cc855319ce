import type { Attempt } from "../../domain/attempt";
import { type Line, linesNamed } from "./line";
import type { RecentIncident } from "./recent-incidents";

/** The provider of every incident in a workspace that is onboarded to the Defender portal. */
const defender = "Microsoft XDR";

const line = linesNamed("Defender");

/** Whether a workspace is onboarded to the Defender portal; unknown without incidents. */
export function isInDefender(incidents: Attempt<readonly RecentIncident[]>): boolean | undefined {
  if (incidents.kind !== "done" || incidents.value.length === 0) return undefined;
  return incidents.value.every(({ provider }) => provider === defender);
}

/**
 * What follows for this deployment from where the incidents of a workspace are made.
 * https://learn.microsoft.com/azure/sentinel/automation/automation,
 * https://learn.microsoft.com/azure/sentinel/move-to-defender
 */
export function checkDefender(incidents: Attempt<readonly RecentIncident[]>): Line {
  if (incidents.kind !== "done") return line.failed(incidents.reason);
  switch (isInDefender(incidents)) {
    case undefined:
      return line.off("no incident shows whether the workspace is onboarded to the Defender portal");
    case true:
      return line.ok(
        "onboarded: rules start up to 10 minutes after an incident's creation, changes within 5 to 10 minutes arrive as one update that can hide added alerts, and only the primary workspace gets Defender's alerts",
      );
    case false:
      return line.note(
        "not onboarded: analysts read the comments in the Azure portal, which shows Microsoft Sentinel until 31 March 2027. Defender's alerts come only through its data connector; Intezer's triages of other Defender alerts find no incident",
      );
  }
}
