import { z } from "zod";
import type { Attempt } from "../../domain/attempt";
import { isSameId, type ResourceManager } from "../deployment/resource-manager";
import { type Line, linesNamed } from "./line";
import type { RecentIncident } from "./recent-incidents";
import type { RelayReading } from "./relay";

const instant = z.iso.datetime({ offset: true });

const condition = z.object({
  conditionType: z.string(),
  conditionProperties: z.object({
    propertyName: z.string().optional(),
    operator: z.string().optional(),
    propertyValues: z.array(z.string()).optional(),
  }),
});

type Condition = z.infer<typeof condition>;

const rule = z.object({
  properties: z.object({
    displayName: z.string(),
    lastModifiedTimeUtc: instant,
    triggeringLogic: z.object({
      isEnabled: z.boolean(),
      expirationTimeUtc: instant.nullish(),
      triggersOn: z.string(),
      triggersWhen: z.string(),
      conditions: z.array(condition).nullish(),
    }),
    actions: z.array(
      z.object({
        actionConfiguration: z.object({ logicAppResourceId: z.string().nullish() }).nullish(),
      }),
    ),
  }),
});

type Rule = z.infer<typeof rule>["properties"];

interface RuleCheck {
  readonly azure: ResourceManager;
  /** ARM id. */
  readonly workspace: string;
  readonly relay: RelayReading;
  /** Of the workspace. */
  readonly incidents: Attempt<readonly RecentIncident[]>;
  readonly isInDefender: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

const line = linesNamed("rules");

/** Whether automation rules start the relay for new incidents of a workspace, and have done so. */
export async function checkAutomationRules(check: RuleCheck): Promise<Line> {
  const { azure, workspace, relay, now } = check;
  const listed = await azure.list({
    schema: rule,
    path: `${workspace}/providers/Microsoft.SecurityInsights/automationRules`,
    query: { "api-version": "2025-09-01" },
    needs: "the role Microsoft Sentinel Reader on the workspace",
  });
  if (listed.kind !== "done") return line.failed(listed.reason);
  const rules = listed.value.map(({ properties }) => properties).filter((each) => startsRelay(each, relay));
  const forNew = rules.filter(({ triggeringLogic: on }) => isAbout(on, "Incidents", "Created"));
  if (forNew.length === 0)
    return line.failed("no automation rule starts the relay for new incidents: deploy again");
  const active = forNew.filter(({ triggeringLogic }) => isActive(triggeringLogic, now));
  if (active.length === 0)
    return line.failed(
      `${titles(forNew)} is disabled or has expired: enable it in Microsoft Sentinel, Automation`,
    );
  return checkFired(check, rules, active);
}

function checkFired(check: RuleCheck, rules: readonly Rule[], active: readonly Rule[]): Line {
  const { relay, incidents, isInDefender, now } = check;
  const inactive = rules.filter(({ triggeringLogic }) => !isActive(triggeringLogic, now));
  if (inactive.length > 0)
    return line.note(
      `${titles(inactive)} is disabled or has expired: alerts that are added later are not looked up. Enable it in Microsoft Sentinel, Automation`,
    );
  const unreliable = isInDefender ? rules.filter(hasUnreliableCondition) : [];
  if (unreliable.length > 0)
    return line.failed(
      `${titles(unreliable)} has a condition on the incident's title, description or provider, which does not hold in a workspace that is onboarded to Defender: use the analytics rule, the severity or a tag instead`,
    );
  const count = `${rules.length} ${rules.length === 1 ? "rule starts" : "rules start"} the relay`;
  const missed = incidents.kind === "done" ? missedIncident(active, incidents.value, relay, now) : undefined;
  if (missed) {
    const { number, severity, createdAt } = missed;
    const text = `incident ${number} (${severity}) of ${new Date(createdAt).toISOString()} meets the conditions, and nothing has started the relay since: see the line roles, the rule's order and expiry, and the table SentinelHealth`;
    return line.failed(`${count}, but ${text}`);
  }
  return relay.runs.length > 0
    ? line.ok(count)
    : line.note(
        `${count}, but it has never run: wait for an incident, or start it with --incident. Rules start up to 10 minutes after an incident's creation`,
      );
}

function startsRelay({ actions }: Rule, { id }: RelayReading): boolean {
  return actions.some(({ actionConfiguration }) =>
    isSameId(actionConfiguration?.logicAppResourceId ?? "", id),
  );
}

type TriggeringLogic = Rule["triggeringLogic"];

const isAbout = (on: TriggeringLogic, what: string, when: string) =>
  on.triggersOn === what && on.triggersWhen === when;

function isActive({ isEnabled, expirationTimeUtc }: TriggeringLogic, now: number): boolean {
  return isEnabled && (expirationTimeUtc ? Date.parse(expirationTimeUtc) > now : true);
}

const titles = (rules: readonly Rule[]) => rules.map(({ displayName }) => `"${displayName}"`).join(", ");

/** https://learn.microsoft.com/azure/sentinel/automate-incident-handling-with-automation-rules */
const unreliableInDefender = ["IncidentTitle", "IncidentDescription", "IncidentProviderName"];

function hasUnreliableCondition({ triggeringLogic }: Rule): boolean {
  return (triggeringLogic.conditions ?? []).some(({ conditionProperties: { propertyName = "" } }) =>
    unreliableInDefender.includes(propertyName),
  );
}

/** Rules start up to 10 minutes after an incident's creation, and a run shows a little later. */
const slowestStartMs = 15 * 60_000;

/**
 * An incident that a rule should have answered: newer than the relay's latest run and than the rule itself. None where
 * conditions other than severity decide, which cannot be known from outside.
 */
function missedIncident(
  rules: readonly Rule[],
  incidents: readonly RecentIncident[],
  { runs }: RelayReading,
  now: number,
): RecentIncident | undefined {
  const latestRun = runs[0]?.startedAt ?? 0;
  return incidents.find(({ createdAt, severity }) =>
    rules.some(
      ({ lastModifiedTimeUtc, triggeringLogic: { conditions } }) =>
        createdAt > Math.max(latestRun, Date.parse(lastModifiedTimeUtc)) &&
        createdAt < now - slowestStartMs &&
        (conditions ?? []).every((each) => isMet(each, severity)),
    ),
  );
}

function isMet({ conditionType, conditionProperties: on }: Condition, severity: string): boolean {
  const isSeverity = conditionType === "Property" && on.propertyName === "IncidentSeverity";
  return isSeverity && on.operator === "Equals" && (on.propertyValues ?? []).includes(severity);
}
