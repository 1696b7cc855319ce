import { join } from "node:path";
import { Eta } from "eta";
import type { RunStatus } from "../../domain/run/run";
import { packageRoot } from "../../local/host/package-root";
import type { IncidentReader } from "./incident-reader";
import { alertIdOf, beginningOf, type InstanceStatus, timelineFrom } from "./run-history";
import { samples } from "./samples";
import type { TaskHubReader } from "./task-hub-reader";
import { triages } from "./triages";

export const pageFolder = join(packageRoot, "commands/start");

const eta = new Eta({ views: pageFolder, cache: true });

const stages: Readonly<Record<RunStatus["stage"], string>> = {
  readingEntities: "reading the entities",
  lookingUp: "looking up",
  waitingForIntezer: "waiting for Intezer",
  commenting: "writing the comment",
  completing: "completing what was open",
  done: "done",
};

/** The page of all incidents, and the page of one. */
export function createViews(incidents: IncidentReader, hub: TaskHubReader) {
  return {
    async list(): Promise<string> {
      const rows = await Promise.all(
        (await incidents.all()).map(async (incident) => ({
          ...incident,
          run: runState(await hub.runOf(incident.id)),
        })),
      );
      const isLive = rows.some(({ run }) => run.isLive);
      return eta.render("./list", { rows, samples: Object.entries(samples), isLive });
    },

    async incident(armId: string): Promise<string> {
      const incident = await incidents.incidentOf(armId);
      const [comments, orchestrations] = await Promise.all([
        incidents.commentsOf(armId),
        hub.orchestrationsOf(incident.id),
      ]);
      const run = orchestrations.find(({ instanceId }) => instanceId === `sentinel-${incident.id}`);
      const since = (run && beginningOf(run)) ?? 0;
      return eta.render("./incident", {
        incident,
        comments,
        run: runState(run),
        timelines: orchestrations.map((instance) => timelineFrom(instance, since)),
        alertId: run && alertIdOf(run),
        triages: Object.entries(triages),
        isLive: orchestrations.some(({ runtimeStatus }) => isLive(runtimeStatus)),
      });
    },

    /** One comment as a document of its own, for its frame. */
    async comment(armId: string, commentId: string): Promise<string | undefined> {
      const comment = (await incidents.commentsOf(armId)).find(({ id }) => id === commentId);
      return comment && eta.render("./comment", comment);
    },
  };
}

const isLive = (runtimeStatus: string) => ["Pending", "Running"].includes(runtimeStatus);

function runState(run: InstanceStatus | undefined) {
  if (!run) return { text: "not sent to the app", isLive: false, isKnown: false };
  const { stage, done, total } = (run.customStatus ?? {}) as Partial<RunStatus>;
  const progress =
    stage === undefined ? "" : `: ${stages[stage]}${total ? `, ${done} of ${total} answered` : ""}`;
  return {
    text: isLive(run.runtimeStatus) ? `running${progress}` : run.runtimeStatus.toLowerCase(),
    isLive: isLive(run.runtimeStatus),
    isKnown: true,
  };
}
