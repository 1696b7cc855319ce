import { type Attempt, again, refused } from "../../domain/attempt";
import { passingFailure } from "../azure-client";
import type { HttpAnswer } from "../http";
import { errorCodeFrom } from "./wire";

const noWorkspace =
  "The workspace, its resource group or its subscription does not exist: check SENTINEL_WORKSPACES.";

/**
 * Answers that another try does not change, by status or by status and error code.
 * Codes: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 */
const refusals: Readonly<Record<string, string>> = {
  401: "Azure Resource Manager does not accept the app's token: the app's identity has to be in the Entra tenant of the workspace.",
  403: "The app's identity may not do this: grant it the role Microsoft Sentinel Responder on the workspace or its resource group, which takes effect after a few minutes.",
  404: "Incident not found: it was deleted, or its id is wrong.",
  "404 ResourceNotFound": noWorkspace,
  "404 ResourceGroupNotFound": noWorkspace,
  "404 SubscriptionNotFound": noWorkspace,
};

/** What an unsuccessful answer means. `more`: refusals that only the calling operation has. */
export function failureFrom(answer: HttpAnswer, more: Readonly<Record<string, string>> = {}): Attempt<never> {
  const passing = passingFailure("Microsoft Sentinel", answer);
  if (passing || answer.kind === "fault" || answer.status < 300) return passing ?? unreadable;
  const code = errorCodeFrom(answer.body) ?? "";
  const known = { ...refusals, ...more };
  const reason = known[`${answer.status} ${code}`] ?? known[answer.status];
  const unexpected = `Microsoft Sentinel refused the request (${`HTTP ${answer.status} ${code}`.trim()}).`;
  return refused(reason ?? unexpected);
}

export const unreadable = again("Microsoft Sentinel answered with something other than what was requested.");

export const conflict = again("Another writer came first.");
