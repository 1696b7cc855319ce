import type { IncidentRef } from "../../domain/incident/incident";

/** The parts of a scope, as in paths of Azure Resource Manager. */
interface Workspace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const guid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const workspacePath = `/subscriptions/(${guid})/resourceGroups/([^/]{1,90})/providers/Microsoft\\.OperationalInsights/workspaces/([a-z0-9][a-z0-9-]{2,61}[a-z0-9])`;
const workspacePattern = new RegExp(`^${workspacePath}/?$`, "i");
const incidentPattern = new RegExp(
  `^(${workspacePath})/providers/Microsoft\\.SecurityInsights/incidents/(${guid})/?$`,
  "i",
);

/**
 * Letters of any script, and no full stop at the end, so never `..`.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources
 */
const resourceGroupPattern = /^[\p{L}\p{Nd}_.()-]*[\p{L}\p{Nd}_()-]$/u;

/** Reads the ARM id of a Log Analytics workspace, in any case, and returns the scope of its incidents. */
export function scopeFrom(armId: string): string | undefined {
  return partsOf(armId) && lowerCased(armId.replace(/\/$/, ""));
}

/** Reads the ARM id of an incident, in any case. Anything with `..`, `%` or another shape is refused. */
export function incidentFrom(armId: string): IncidentRef | undefined {
  const match = incidentPattern.exec(armId);
  const scope = scopeFrom(match?.[1] ?? "");
  const incidentId = match?.at(-1)?.toLowerCase();
  return scope === undefined || incidentId === undefined ? undefined : { scope, incidentId };
}

/** Throws for a scope that `scopeFrom` did not return. */
export function workspaceOf(scope: string): Workspace {
  const workspace = partsOf(scope);
  if (!workspace) throw new Error("The incident's scope is not the ARM id of a Log Analytics workspace.");
  return workspace;
}

function partsOf(armId: string): Workspace | undefined {
  const [, subscriptionId, resourceGroup, name] = workspacePattern.exec(armId) ?? [];
  if (!subscriptionId || !resourceGroup || !name) return undefined;
  return resourceGroupPattern.test(resourceGroup) ? { subscriptionId, resourceGroup, name } : undefined;
}

/** Azure compares names letter by letter, so letters whose lower case would make another name (İ, ẞ) must not be changed. */
function lowerCased(text: string): string {
  const letters = [...text].map((letter) => {
    const small = letter.toLowerCase();
    return small.toUpperCase() === letter ? small : letter;
  });
  return letters.join("");
}
