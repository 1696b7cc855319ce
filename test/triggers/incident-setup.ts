import { incidentFrom, scopeFrom } from "../../clients/sentinel/arm-id";
import type { RunSettings } from "../../domain/run/settings";
import { createIncidentTrigger, type IncidentTriggerOptions } from "../../triggers/incident";
import { fakeTaskHub } from "../support/fake-task-hub";
import { incidentArmId, incidentId, post, quietContext, workspaceId } from "../support/requests";

export const settings: RunSettings = {
  firstCommentSeconds: 300,
  deadlineSeconds: 1800,
  entityRetrySeconds: [60],
  commentWhen: "indicators",
  commentDetail: "worst",
  alerts: "off",
  dryRun: false,
  providers: [],
};
export const instanceId = `sentinel-${incidentId}`;
export const body = { objectEventType: "Create", object: { id: incidentArmId } };

export function setUp(options: Partial<IncidentTriggerOptions> = {}, hub = fakeTaskHub()) {
  const workspace = scopeFrom(workspaceId);
  const trigger = createIncidentTrigger({
    development: true,
    platformAuthentication: false,
    relayPrincipalIds: [],
    incidentFrom,
    workspaces: workspace ? [workspace] : [],
    settings,
    exclusions: {
      virustotal: { virustotal: ["file"] },
      intezer: { "intezer-alerts": "alerts", "intezer-urls": ["url"] },
    },
    toTaskHub: () => hub,
    ...options,
  });
  return { hub, call: (request = post(body)) => trigger(request, quietContext().context) };
}
