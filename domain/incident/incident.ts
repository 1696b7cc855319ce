/** Where an incident lives. `incidentId` is a GUID in lower case; the other parts are as ARM spelled them. */
export interface IncidentRef {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
  readonly incidentId: string;
}

/** What we use of an incident. Title and tags are foreign text. */
export interface Incident {
  readonly number: number;
  readonly title: string;
  readonly severity: string;
  readonly status: string;
  /** Address in the portal: Defender's where there is one, else Azure's. */
  readonly url?: string;
  readonly commentsCount: number;
  /** Changes with every change of the incident, added alerts and our own writes included. */
  readonly etag?: string;
  /** It comes from Microsoft Defender, which goes on adding entities to it. */
  readonly fromDefender?: boolean;
  /** Number of the incident this one was merged into; set only when this one is closed. */
  readonly mergedInto?: number;
}

const guid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const workspacePath = `/subscriptions/(${guid})/resourceGroups/([^/]{1,90})/providers/Microsoft\\.OperationalInsights/workspaces/([a-z0-9][a-z0-9-]{2,61}[a-z0-9])`;
const workspacePattern = new RegExp(`^${workspacePath}/?$`, "i");
const incidentPattern = new RegExp(
  `^${workspacePath}/providers/Microsoft\\.SecurityInsights/incidents/(${guid})/?$`,
  "i",
);

/**
 * Letters of any script, and no full stop at the end, so never `..`.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources
 */
const resourceGroupPattern = /^[\p{L}\p{Nd}_.()-]*[\p{L}\p{Nd}_()-]$/u;

export type WorkspaceRef = Omit<IncidentRef, "incidentId">;

/** Reads the ARM id of a Log Analytics workspace, in any case of letters. */
export function workspaceRefFrom(armId: string): WorkspaceRef | undefined {
  const [, subscriptionId, resourceGroup, workspace] = workspacePattern.exec(armId) ?? [];
  if (!subscriptionId || !resourceGroup || !workspace) return undefined;
  return resourceGroupPattern.test(resourceGroup) ? { subscriptionId, resourceGroup, workspace } : undefined;
}

/** Reads the ARM id of an incident, in any case of letters. Anything with `..`, `%` or another shape is refused. */
export function incidentRefFrom(armId: string): IncidentRef | undefined {
  const [, subscriptionId, resourceGroup, workspace, incidentId] = incidentPattern.exec(armId) ?? [];
  if (!subscriptionId || !resourceGroup || !workspace || !incidentId) return undefined;
  if (!resourceGroupPattern.test(resourceGroup)) return undefined;
  return { subscriptionId, resourceGroup, workspace, incidentId: incidentId.toLowerCase() };
}

export function sameWorkspace(a: WorkspaceRef, b: WorkspaceRef): boolean {
  return workspaceKey(a) === workspaceKey(b);
}

/** The ARM id of the workspace in lower case: equal for equal workspaces. */
export function workspaceKey(ref: WorkspaceRef): string {
  return `/subscriptions/${ref.subscriptionId}/resourceGroups/${ref.resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/${ref.workspace}`.toLowerCase();
}

export function sameIncident(a: IncidentRef, b: IncidentRef): boolean {
  return sameWorkspace(a, b) && a.incidentId === b.incidentId;
}
