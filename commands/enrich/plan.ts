import { join } from "node:path";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import { readConfig } from "../../config";
import type { IncidentRef } from "../../domain/incident/incident";
import { type Clock, realClock, skippingClock } from "../../local/clock";
import { lacksTableStorage, startTableStorage } from "../../local/host/azurite";
import { localSettings } from "../../local/host/local-settings";
import { packageRoot } from "../../local/host/package-root";
import { startSentinelSimulator } from "../../local/simulators/sentinel";
import type { IncidentSeed } from "../../local/simulators/sentinel-incidents";
import { startServices } from "../../local/simulators/services";
import { CommandError } from "../command-line";
import { type Access, accessWith } from "../deployment/access";
import { pathText } from "../terminal";
import { type Arguments, exitCodes } from "./arguments";

/** One run: the incident in the Microsoft Sentinel that keeps it, and the settings of the app that enriches it. */
export interface Plan {
  readonly given: Arguments;
  readonly clock: Clock;
  readonly ref: IncidentRef;
  /** What is posted to the app. */
  readonly triggerBody: object;
  readonly settings: Readonly<Record<string, string>>;
  readonly access: Access;
}

type Settings = Readonly<Record<string, string>>;

interface Place {
  readonly armId: string;
  readonly triggerBody: object;
  readonly settings: Settings;
}

const noKeyHint =
  "\n\nSet them as environment variables or as Values in local.settings.json; or try it with --simulators, which need no key.";

/** Starts what the run needs on this machine. Throws an error that says which setting is wrong. */
export async function planFrom(given: Arguments): Promise<Plan> {
  const clock = given.simulators ? skippingClock() : realClock();
  const place = await placeOf(given, clock);
  const ref = incidentFrom(place.armId);
  if (!ref) throw wrong(`${place.armId} is not the ARM id of an incident.`);
  const chosen: Settings = {
    ...localSettings(packageRoot),
    ...place.settings,
    // A run on this machine is for one incident: the others are the deployed app's.
    RECONCILE: "off",
    ...(given.dryRun ? { DRY_RUN: "true" } : {}),
    // The app here ends with its run, and has the rights of the person who is signed in.
    RESULTS_TABLE: "off",
  };
  const lacksStorage = await lacksTableStorage({ ...process.env, ...chosen });
  const config = configFrom({
    ...chosen,
    ...(lacksStorage && { AzureWebJobsStorage: "UseDevelopmentStorage=true" }),
  });
  if (!config.workspaces.includes(ref.scope))
    throw wrong("SENTINEL_WORKSPACES does not name the workspace of this incident.");
  const settings = lacksStorage
    ? { ...chosen, AzureWebJobsStorage: await startStorage(given.dataFolder) }
    : chosen;
  return { given, clock, ref, triggerBody: place.triggerBody, settings, access: accessWith(config) };
}

function configFrom(settings: Settings) {
  try {
    return readConfig({ ...process.env, ...settings });
  } catch (error) {
    const { message } = error as Error;
    throw wrong(message + (message.includes("no provider has a key") ? noKeyHint : ""));
  }
}

const wrong = (message: string) => new CommandError(message, exitCodes.wrongUsage);

/** The connection string of table storage in a folder: the answers that are kept, and the quota. */
async function startStorage(folder: string): Promise<string> {
  const { connectionString, ready } = await startTableStorage(join(folder, "azurite"));
  console.error(`No storage is configured: using Azurite in ${pathText(folder)}.`);
  await ready;
  return connectionString;
}

/** Where the incident is: in Azure, or in a simulator of Microsoft Sentinel. */
async function placeOf({ subject, simulators }: Arguments, clock: Clock): Promise<Place> {
  if (subject.kind === "incident") return placeInAzure(subject.armId);
  const [seed, workspace]: [IncidentSeed, string?] =
    subject.kind === "filed"
      ? [subject.incident.seed, subject.incident.workspace]
      : // No number, no link: it is not a real incident.
        [{ title: "List of indicators", entities: subject.entities, incidentUrl: null }];
  const options = workspace === undefined ? {} : { workspace };
  if (simulators) {
    const services = await startServices({ clock, sentinel: options });
    const armId = services.sentinel.addIncident(seed);
    // The keys of the simulators are sufficient, so no vault is read.
    const settings = { ...services.settings, KEY_VAULT_URL: "" };
    return { armId, triggerBody: services.sentinel.triggerBody(armId), settings };
  }
  const sentinel = await startSentinelSimulator({ clock, ...options });
  const armId = sentinel.addIncident(seed);
  // Lists have no workspace, and a file can be read without an Azure account.
  const { SIGHTINGS = "off", WORKSPACE_TI = "off", ALLOWED_WATCHLIST = "" } = process.env;
  const settings = {
    SENTINEL_WORKSPACES: sentinel.workspace,
    SENTINEL_ENDPOINT: sentinel.origin,
    SIGHTINGS,
    WORKSPACE_TI,
    ALLOWED_WATCHLIST,
  };
  return { armId, triggerBody: sentinel.triggerBody(armId), settings };
}

function placeInAzure(armId: string): Place {
  const { SENTINEL_WORKSPACES = localSettings(packageRoot).SENTINEL_WORKSPACES } = process.env;
  const [workspace = ""] = armId.split(/\/providers\/Microsoft\.SecurityInsights\//i);
  const settings = { SENTINEL_WORKSPACES: SENTINEL_WORKSPACES || workspace };
  return { armId, triggerBody: { object: { id: armId } }, settings };
}
