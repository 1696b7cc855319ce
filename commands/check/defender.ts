import type { Attempt } from "../../domain/attempt";
import type { ReconcileMode } from "../../domain/run/settings";
import { counted } from "../../domain/text";
import { dayMs, instantText } from "../../domain/time";
import { type Line, linesNamed } from "./line";
import type { RecentIncident } from "./recent-incidents";

/** The provider of every incident in a workspace that is onboarded to the Defender portal. */
const defender = "microsoft xdr";

/** So many incidents in a row that all come from Defender do not come from its data connector alone. */
const enoughInARow = 10;

const line = linesNamed("Defender");

type Onboarding =
  | {
      readonly kind: "onboarded" /** Epoch milliseconds; absent where all that is listed is from Defender. */;
      readonly since?: number;
    }
  /** The newest incident is from Defender: just onboarded, or Defender's data connector in a workspace that is not. */
  | { readonly kind: "unclear" }
  | { readonly kind: "notOnboarded" };

/** Whether a workspace is onboarded to the Defender portal; unknown without incidents, which are listed newest first. */
function onboardingOf(incidents: readonly RecentIncident[]): Onboarding | undefined {
  if (incidents.length === 0) return undefined;
  const other = incidents.findIndex(({ provider }) => provider?.toLowerCase() !== defender);
  if (other === 0) return { kind: "notOnboarded" };
  if (other < 0) return { kind: "onboarded" };
  const first = incidents[other - 1];
  return other >= enoughInARow && first ? { kind: "onboarded", since: first.createdAt } : { kind: "unclear" };
}

export function isInDefender(incidents: Attempt<readonly RecentIncident[]>): boolean {
  return incidents.kind === "done" && onboardingOf(incidents.value)?.kind === "onboarded";
}

/**
 * What follows for this deployment from where the incidents of a workspace are made.
 * https://learn.microsoft.com/azure/sentinel/automation/automation,
 * https://learn.microsoft.com/azure/sentinel/move-to-defender
 */
export function checkDefender(
  incidents: Attempt<readonly RecentIncident[]>,
  { reconcile, now }: { readonly reconcile: ReconcileMode /** Epoch milliseconds. */; readonly now: number },
): Line {
  if (incidents.kind !== "done") return line.failed(incidents.reason);
  const onboarding = onboardingOf(incidents.value);
  switch (onboarding?.kind) {
    case undefined:
      return line.off("no incident shows whether the workspace is onboarded to the Defender portal");
    case "onboarded": {
      const since = onboarding.since === undefined ? "" : ` since ${instantText(onboarding.since)}`;
      const changed = `onboarded${since}: ${inDefender}. ${loadText(incidents.value, now)}`;
      return reconcile === "off"
        ? line.note(
            `${changed}. RECONCILE is off, so nothing finds what such an update hides: set it to known`,
          )
        : line.ok(`${changed}. RECONCILE=${reconcile} finds what such an update hides`);
    }
    case "unclear":
      return line.note(
        "perhaps onboarded: the latest incident comes from Defender, earlier ones did not. Look in the Defender portal under Settings, Microsoft Sentinel, and check again after ten more incidents; docs/defender.md says what changes",
      );
    case "notOnboarded":
      return line.note(
        "not onboarded: analysts read the comments in the Azure portal, which shows Microsoft Sentinel until 31 March 2027; see docs/defender.md before the move. Defender's alerts arrive only through its data connector; the app finds no incident for Intezer's triages of other Defender alerts",
      );
  }
}

const inDefender =
  "rules start up to 10 minutes after an incident's creation, changes within 5 to 10 minutes arrive as one update that can hide added alerts, and only the primary workspace gets Defender's alerts";

/** How many incidents the rules meet. */
function loadText(incidents: readonly RecentIncident[], now: number): string {
  const ofDay = incidents.filter(({ createdAt }) => createdAt > now - dayMs);
  const atLeast = ofDay.length === incidents.length && incidents.length >= 50 ? "at least " : "";
  return `Rules without a condition on the analytics rule run on Defender's incidents too: ${atLeast}${counted(ofDay.length, "incident")} in 24 h`;
}
