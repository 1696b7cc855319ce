import type { Clock } from "../clock";
import { createRelay, type Relay } from "./relay";
import { triggerBodyFrom } from "./sentinel-bodies";
import {
  createIncidents,
  type EntitySeed,
  type IncidentSeed,
  type StoredIncident,
} from "./sentinel-incidents";
import { createSentinelLimits, noLimits } from "./sentinel-limits";
import { type MergeOptions, mergeIncidents, survivorOf } from "./sentinel-merges";
import { type SentinelHabits, sentinelHandler } from "./sentinel-routes";
import { createUpdates } from "./sentinel-updates";
import { type Reply, type Simulator, type SimulatorRequest, startSimulator } from "./simulator";

export interface SentinelSimulatorOptions extends SentinelHabits {
  readonly clock: Clock;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Real milliseconds before every answer. */
  readonly latencyMs?: number;
  /** ARM id of the workspace; default one of our own. */
  readonly workspace?: string;
  /** Allows only the documented minimum of requests per five minutes. Default false. */
  readonly limited?: boolean;
  /** The other resources of Azure at the same origin; `undefined` for what is not one of them. */
  readonly resources?: (request: SimulatorRequest) => Reply | undefined;
}

export interface IncidentView {
  /** In the order in which they were written. */
  readonly comments: readonly { readonly id: string; readonly html: string }[];
  readonly tags: readonly string[];
  /** Tags that the other writer still has to set. */
  readonly tagsToCome: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
  /** PUTs that were stored. */
  readonly writes: { readonly comments: number; readonly tags: number };
}

export interface SentinelSimulator extends Simulator {
  /** ARM id of the workspace. */
  readonly workspace: string;
  /** The ARM id of the new incident. */
  addIncident(seed?: IncidentSeed): string;
  /** More entities come to the incident's alerts. */
  addEntities(armId: string, entities: readonly EntitySeed[]): void;
  /** Entities of its alerts that come after them. */
  addLateEntities(armId: string, entities: readonly EntitySeed[]): void;
  addAlert(armId: string, entities: readonly EntitySeed[]): void;
  /** Merges the first incident into the other one. Throws when one of them is not to be had for that. */
  merge(source: string, target: string, options?: MergeOptions): void;
  /** The ARM id of the incident that holds this one's alerts now: itself, unless it was merged. */
  survivorOf(armId: string): string;
  /**
   * Sends the body of an update for each change, the app's own included; what changes within this time arrives as one,
   * which shows the newest only. `undefined` ends that.
   */
  setUpdateRule(
    rule:
      | { readonly send: (body: Readonly<Record<string, unknown>>) => void; readonly withinMs: number }
      | undefined,
  ): void;
  /** A person removes a tag. */
  untag(armId: string, tag: string): void;
  incident(armId: string): IncidentView;
  /** ARM ids of all incidents, in the order in which they were raised. */
  armIds(): readonly string[];
  /** Another writer sets a tag right after the next read of the incident; called twice, one after each of two. */
  tagAfterRead(armId: string, tag: string): void;
  /** The only playbook; `runPlaybook` starts it. Its run history is empty then. */
  setRelay(relay: Relay | undefined): void;
  /** The body an automation rule would send now. `updates` go into `incidentUpdates`, which only updates have. */
  triggerBody(
    armId: string,
    eventType?: "Create" | "Update",
    updates?: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>>;
}

const defaultWorkspace =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc";

/** Microsoft Sentinel behind Azure Resource Manager: incidents, entities, comments, tags. Asks for no token. */
export async function startSentinelSimulator(options: SentinelSimulatorOptions): Promise<SentinelSimulator> {
  const { workspace = defaultWorkspace, ...rest } = options;
  const updates = createUpdates(options.clock);
  const incidents = createIncidents(workspace, options.clock, updates.note);
  const limits = options.limited ? createSentinelLimits(options.clock) : noLimits;
  const relay = createRelay(options.clock);
  const answer = sentinelHandler(workspace, incidents, limits, options, (incident, playbookId) =>
    relay.start(playbookId, triggerBodyFrom(incident, "Create", {})),
  );
  const simulator = await startSimulator({
    ...rest,
    handler: (request) => relay.runs(request.path) ?? options.resources?.(request) ?? answer(request),
  });
  const find = (armId: string): StoredIncident => {
    const incident = incidents.find(armId.split("/").at(-1) ?? "");
    if (!incident) throw new Error(`The simulator has no incident ${armId}.`);
    return incident;
  };

  return {
    ...simulator,
    workspace,
    addIncident: (seed = {}) => incidents.add(seed).armId,
    armIds: () => incidents.all().map(({ armId }) => armId),
    incident(armId) {
      const { comments, labels, pendingTags, properties, writes } = find(armId);
      return {
        comments: comments.map(({ id, message }) => ({ id, html: message })),
        tags: labels.map((label) => label.labelName),
        tagsToCome: [...pendingTags],
        properties: { ...properties },
        writes: { ...writes },
      };
    },
    setRelay: relay.set,
    addEntities: (armId, entities) => incidents.addEntities(find(armId), entities),
    addLateEntities: (armId, entities) => incidents.addLateEntities(find(armId), entities),
    addAlert: (armId, entities) => incidents.addAlert(find(armId), entities),
    merge: (source, target, how) => mergeIncidents(incidents, options.clock, find(source), find(target), how),
    survivorOf: (armId) => survivorOf(find(armId)).armId,
    setUpdateRule(rule) {
      updates.setRule(
        rule && {
          withinMs: rule.withinMs,
          send: (incident, change) => rule.send(triggerBodyFrom(incident, "Update", change)),
        },
      );
    },
    untag: (armId, tag) => incidents.untag(find(armId), tag),
    tagAfterRead: (armId, tag) => void find(armId).pendingTags.push(tag),
    triggerBody: (armId, eventType = "Create", updates = {}) =>
      triggerBodyFrom(find(armId), eventType, updates),
  };
}
