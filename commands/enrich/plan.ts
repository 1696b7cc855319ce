import { incidentFrom } from "../../clients/sentinel/arm-id";
import { readConfig } from "../../config";
import type { IncidentRef } from "../../domain/incident/incident";
import type { Clock } from "../../local/clock";
import { localSettings, ownTableStorage } from "../../local/host/local-settings";
import { packageRoot } from "../../local/host/package-root";
import { startSentinelSimulator } from "../../local/simulators/sentinel";
import { type Access, accessWith } from "../deployment/access";
import type { Arguments } from "./arguments";

/** One run: the incident in the Microsoft Sentinel that keeps it, and the settings of the app that enriches it. */
export interface Plan {
  readonly given: Arguments;
  readonly ref: IncidentRef;
  /** What is posted to the app. */
  readonly triggerBody: object;
  readonly settings: Readonly<Record<string, string>>;
  readonly access: Access;
}

/** Throws an error that says which argument or setting is wrong. */
export async function planFrom(given: Arguments, clock: Clock): Promise<Plan> {
  const { armId, triggerBody, settings: place } = await placeOf(given, clock);
  const ref = incidentFrom(armId);
  if (!ref) throw new Error(`${armId} is not the ARM id of an incident.`);
  const chosen = { ...localSettings(packageRoot), ...place, ...(given.dryRun ? { DRY_RUN: "true" } : {}) };
  const storage = await ownTableStorage(given.dataFolder, chosen);
  const settings = { ...chosen, ...(storage && { AzureWebJobsStorage: storage.connectionString }) };
  const config = readConfig({ ...process.env, ...settings });
  if (!config.workspaces.includes(ref.scope))
    throw new Error("SENTINEL_WORKSPACES does not name the workspace of this incident.");
  await storage?.ready;
  return { given, ref, triggerBody, settings, access: accessWith(config) };
}

/** Where the incident is: in Azure, or, when a file holds it, in a simulator of Microsoft Sentinel. */
async function placeOf({ subject }: Arguments, clock: Clock) {
  if (subject.kind === "incident") {
    const { armId } = subject;
    const { SENTINEL_WORKSPACES = localSettings(packageRoot).SENTINEL_WORKSPACES } = process.env;
    const [workspace = ""] = armId.split(/\/providers\/Microsoft\.SecurityInsights\//i);
    const settings = { SENTINEL_WORKSPACES: SENTINEL_WORKSPACES || workspace };
    return { armId, triggerBody: { object: { id: armId } }, settings };
  }
  const { seed, workspace } = subject.incident;
  const sentinel = await startSentinelSimulator({ clock, ...(workspace === undefined ? {} : { workspace }) });
  const armId = sentinel.addIncident(seed);
  const settings = { SENTINEL_WORKSPACES: sentinel.workspace, SENTINEL_ENDPOINT: sentinel.origin };
  return { armId, triggerBody: sentinel.triggerBody(armId), settings };
}
