import type { TokenCredential } from "@azure/core-auth";
import { createArm, failureFrom } from "../../clients/sentinel/arm";
import { type Attempt, done } from "../../domain/attempt";
import type { IncidentRef } from "../../domain/incident/incident";
import { defined } from "../../domain/json";

export interface Playbook {
  /** ARM id of the Logic App. */
  readonly id: string;
  /** Its Entra tenant; default that of the incident. */
  readonly tenantId?: string;
}

/** `done` means that Microsoft Sentinel has started the playbook, not that it succeeds. */
type RunPlaybook = (ref: IncidentRef, playbook: Playbook) => Promise<Attempt<void>>;

const roles =
  "you need Microsoft Sentinel Responder on the workspace and Microsoft Sentinel Playbook Operator on the playbook, and Azure Security Insights needs Microsoft Sentinel Automation Contributor on the playbook's resource group";

/** A missing role is answered with 400 as well as 403 (briandelmsft/STAT-Function issue 31). */
const refusals = {
  400: `Microsoft Sentinel did not start the playbook (HTTP 400). Usually a role is missing: ${roles}. Otherwise check that the playbook is enabled, begins with the Microsoft Sentinel incident trigger, and is in the tenant that was named.`,
  403: `Playbooks may not be started: ${roles}.`,
  404: "The incident or the playbook does not exist: check the ids.",
};

/** Starts a playbook on an incident, as "Run playbook" in the portal does. Throws for an endpoint that is not safe. */
export function createPlaybookRunner(options: {
  /** Base URL of Azure Resource Manager. Plain HTTP to this machine needs no token. */
  readonly endpoint: string;
  readonly credential: TokenCredential;
  readonly timeoutMs: number;
}): RunPlaybook {
  const arm = createArm(options);
  return async (ref, { id, tenantId }) => {
    const requestBody = { logicAppsResourceId: id, ...defined({ tenantId }) };
    const answer = await arm.about(ref, AbortSignal.timeout(options.timeoutMs), (client, target, call) =>
      client.incidents.runPlaybook(...target, { requestBody, ...call }),
    );
    const isStarted = answer.kind === "answer" && [200, 202, 204].includes(answer.status);
    return isStarted ? done(undefined) : failureFrom(answer, refusals);
  };
}
