import { randomUUID } from "node:crypto";
import { mostAlerts } from "../../domain/incident/incident";
import type { StoredComment, StoredIncident } from "./sentinel-incidents";

/** Body of `GET incidents/{id}`. */
export function incidentBody(incident: StoredIncident) {
  return {
    id: incident.armId,
    name: incident.id,
    etag: incident.etag,
    type: "Microsoft.SecurityInsights/Incidents",
    properties: {
      ...incident.properties,
      labels: incident.labels,
      additionalData: {
        ...incident.additionalData,
        alertsCount: alertsOf(incident).length,
        bookmarksCount: 0,
        commentsCount: incident.comments.length,
      },
    },
  };
}

export function commentBody(incident: StoredIncident, { id, etag, ...properties }: StoredComment) {
  return {
    id: `${incident.armId}/Comments/${id}`,
    name: id,
    type: "Microsoft.SecurityInsights/Incidents/Comments",
    etag,
    properties,
  };
}

/** Body of `POST incidents/{id}/entities`, and one read less until the entities are there to stay. */
export function takeEntitiesBody(incident: StoredIncident) {
  const late = incident.lateReads > 0;
  if (late) incident.lateReads--;
  const shown = late ? 0 : incident.shownOnReads.shift();
  return entitiesBody(incident.entities.slice(0, shown));
}

function entitiesBody(entities: readonly unknown[]) {
  const kinds = entities.map((entity) => (entity as { kind?: unknown } | null)?.kind);
  const metaData = [...new Set(kinds)].map((entityKind) => ({
    entityKind,
    count: kinds.filter((kind) => kind === entityKind).length,
  }));
  return { entities, metaData };
}

/** The alerts of an incident, at most as many as Sentinel shows. */
export function alertsOf(incident: StoredIncident) {
  const { title, severity, firstActivityTimeUtc, lastActivityTimeUtc } = incident.properties;
  return incident.alertIds.slice(0, mostAlerts).map((alertId) => ({
    id: `${incident.armId.replace(/\/Incidents\/.*/, "")}/Entities/${alertId}`,
    name: alertId,
    type: "Microsoft.SecurityInsights/Entities",
    kind: "SecurityAlert",
    properties: {
      systemAlertId: alertId,
      alertDisplayName: title,
      description: "",
      severity,
      vendorName: "Microsoft",
      productName: "Azure Sentinel",
      productComponentName: "Scheduled Alerts",
      status: "New",
      startTimeUtc: firstActivityTimeUtc,
      endTimeUtc: lastActivityTimeUtc,
      timeGenerated: lastActivityTimeUtc,
      providerAlertId: alertId,
      friendlyName: title,
    },
  }));
}

const person = { source: "User", name: "Sam Lee" };
const noUpdates = { updatedBy: person, alerts: [], comments: [], labels: [], tactics: [] };

/** What an automation rule hands to its playbook, which hands it on: the incident as it is now. */
export function triggerBodyFrom(
  incident: StoredIncident,
  eventType: "Create" | "Update",
  updates: Readonly<Record<string, unknown>>,
) {
  const [, subscription, , group, , , , workspace] = incident.armId.slice(1).split("/");
  const body = incidentBody(incident);
  return {
    eventUniqueId: randomUUID(),
    objectSchemaType: "Incident",
    objectEventType: eventType,
    ...(eventType === "Update" ? { incidentUpdates: { ...noUpdates, ...updates } } : {}),
    workspaceInfo: {
      SubscriptionId: subscription,
      ResourceGroupName: group,
      WorkspaceName: workspace,
    },
    workspaceId: "0f1e2d3c-4b5a-4678-9a0b-c1d2e3f4a5b6",
    object: {
      ...body,
      properties: {
        ...body.properties,
        alerts: alertsOf(incident),
        bookmarks: [],
        relatedEntities: incident.lateReads > 0 ? [] : incident.entities,
        comments: incident.comments.map((comment) => commentBody(incident, comment)),
      },
    },
  };
}
