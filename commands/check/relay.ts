import { z } from "zod";
import type { Attempt } from "../../domain/attempt";
import { nameOf, type ResourceManager } from "../deployment/resource-manager";
import { type Line, linesNamed } from "./line";
import { principalIds } from "./principal-ids";

const apiVersion = "2019-05-01";

const workflow = z.object({
  identity: principalIds,
  properties: z.object({ state: z.string() }),
});

const run = z.object({
  name: z.string(),
  properties: z.object({ status: z.string(), startTime: z.iso.datetime({ offset: true }) }),
});

export interface RelayRun {
  readonly name: string;
  /** As Logic Apps calls it: Running, Succeeded, Failed, ... */
  readonly status: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

export interface RelayReading {
  readonly id: string;
  readonly state: string;
  /** Object ids of the identities that it has. */
  readonly principalIds: readonly string[];
  /** The latest, newest first. */
  readonly runs: readonly RelayRun[];
}

const needs = "the role Reader on the relay's resource group";

export async function readRelay(azure: ResourceManager, id: string): Promise<Attempt<RelayReading>> {
  const [resource, runs] = await Promise.all([
    azure.read({ schema: workflow, path: id, query: { "api-version": apiVersion }, needs }),
    readRelayRuns(azure, id),
  ]);
  if (resource.kind !== "done") return resource;
  if (runs.kind !== "done") return runs;
  const { identity, properties } = resource.value;
  return {
    kind: "done",
    value: { id, state: properties.state, principalIds: identity, runs: runs.value },
  };
}

/** The latest runs of the relay, newest first; Logic Apps keeps them for 90 days. */
export async function readRelayRuns(
  azure: ResourceManager,
  id: string,
): Promise<Attempt<readonly RelayRun[]>> {
  const reading = await azure.read({
    schema: z.object({ value: z.array(run) }),
    path: `${id}/runs`,
    query: { "api-version": apiVersion, $top: "10" },
    needs,
  });
  if (reading.kind !== "done") return reading;
  const runs = reading.value.value.map(({ name, properties }) => ({
    name,
    status: properties.status,
    startedAt: Date.parse(properties.startTime),
  }));
  return { kind: "done", value: runs };
}

const line = linesNamed("relay");

/** Whether the relay is enabled, and how its latest run ended. */
export async function checkRelay(azure: ResourceManager, relay: Attempt<RelayReading>): Promise<Line> {
  if (relay.kind !== "done") return line.failed(`${relay.reason}. Check AZURE_RELAY_ID`);
  const { id, state, runs } = relay.value;
  if (state !== "Enabled") return line.failed(`${state}: enable the logic app ${nameOf(id)}`);
  const latest = runs.find(({ status }) => status !== "Running");
  if (!latest) return line.ok(runs.length > 0 ? "enabled; its first run is under way" : "enabled");
  const at = new Date(latest.startedAt).toISOString();
  if (latest.status !== "Failed") return line.ok(`enabled; latest run ${at}: ${latest.status}`);
  return line.failed(`the run of ${at} failed: ${await readFailure(azure, id, latest)}`);
}

/** By the status that the app, or the platform before it, answered. */
const failures: Readonly<Record<string, string>> = {
  Unauthorized:
    "App Service authentication refused the relay's token (HTTP 401). Its app registration or identity has changed: deploy again",
  Forbidden:
    "the app refused the relay (HTTP 403). See the lines callers and authentication; a stopped app answers 403 too, and so does one that does not serve the workspace (SENTINEL_WORKSPACES)",
  NotFound: "the app has no such function (HTTP 404): deploy the code",
  ServiceUnavailable:
    "the app could not start a run (HTTP 503). See the lines that begin with app: and the line callers",
};

async function readFailure(azure: ResourceManager, id: string, { name }: RelayRun): Promise<string> {
  const actions = await azure.list({
    schema: z.object({ properties: z.object({ status: z.string(), code: z.string().optional() }) }),
    path: `${id}/runs/${name}/actions`,
    query: { "api-version": apiVersion },
    needs,
  });
  const failed = actions.kind === "done" ? actions.value.find(isFailed) : undefined;
  const code = failed?.properties.code;
  return failures[code ?? ""] ?? `${code ?? "the cause could not be read"}. Its run history shows more`;
}

const isFailed = ({ properties }: { readonly properties: { readonly status: string } }) =>
  properties.status === "Failed";
