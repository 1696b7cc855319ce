import { join } from "node:path";
import { Eta } from "eta";
import type { RunStatus } from "../../domain/run/run";
import type { Clock } from "../../local/clock";
import { packageRoot } from "../../local/host/package-root";
import type { IncidentReader, ShownIncident } from "./incident-reader";
import type { ResultsReader } from "./results-reader";
import { alertIdOf, beginningOf, type InstanceStatus, isLive, timelineFrom } from "./run-history";
import { samples, triages } from "./samples";
import type { TaskHubReader } from "./task-hub-reader";

export const pageFolder = join(packageRoot, "commands/start");

const eta = new Eta({ views: pageFolder, cache: true });

interface ViewsOptions {
  readonly incidents: IncidentReader;
  readonly hub: TaskHubReader;
  readonly results: ResultsReader;
  readonly clock: Clock;
  readonly appOrigin: string;
  /** Milliseconds between two updates while something runs. */
  readonly updateMs: number;
}

/** While nothing runs, an incident may still be sent from elsewhere. */
const idleFactor = 5;

/** The page of all incidents, and the page of one. */
export function createViews({ incidents, hub, results, clock, appOrigin, updateMs }: ViewsOptions) {
  const pauseOf = (live: boolean) => (live ? updateMs : updateMs * idleFactor);

  return {
    /** `verdict` is a tag, or `none` for incidents without a verdict. */
    async list(verdict?: string): Promise<string> {
      const [app, all] = await Promise.all([appText(appOrigin), incidents.all()]);
      const rows = await Promise.all(
        all.map(async (incident) => ({
          ...incident,
          verdict: verdictOf(incident),
          run: runState(await hub.runOf(incident.id)),
        })),
      );
      const live = rows.some(({ run }) => run.isLive);
      const chosen = verdicts.find(({ tag }) => tag === verdict);
      return eta.render("./list", {
        app,
        rows: chosen ? rows.filter((row) => row.verdict === chosen) : rows,
        filters: filtersFor(rows, chosen),
        samples: Object.entries(samples),
        isLive: live,
        updateMs: pauseOf(live),
      });
    },

    /** `width` is that of the comments in pixels. */
    async incident(armId: string, width?: string): Promise<string> {
      const incident = await incidents.incidentOf(armId);
      const [comments, orchestrations, rows, next] = await Promise.all([
        incidents.commentsOf(armId),
        hub.orchestrationsOf(incident.id),
        results(incident.id),
        incidents.after(armId),
      ]);
      const run = orchestrations.find(({ instanceId }) => instanceId === `sentinel-${incident.id}`);
      const since = (run && beginningOf(run)) ?? 0;
      const live = orchestrations.some(({ runtimeStatus }) => isLive(runtimeStatus));
      const shownWidth = Object.hasOwn(widths, width ?? "") ? width : "full";
      return eta.render("./incident", {
        incident,
        next,
        comments,
        rows,
        run: runState(run),
        timelines: orchestrations.map((instance) => timelineFrom(instance, since, clock.now())),
        alertId: run && alertIdOf(run),
        triages: Object.entries(triages),
        width: shownWidth,
        widths: Object.entries(widths).map(([name, label]) => ({
          label,
          href: name === "full" ? "?" : `?width=${name}`,
          isCurrent: name === shownWidth,
        })),
        isLive: live,
        updateMs: pauseOf(live),
      });
    },

    /** One comment as a document of its own, for its frame. */
    async comment(armId: string, commentId: string): Promise<string | undefined> {
      const [{ number }, comments] = await Promise.all([
        incidents.incidentOf(armId),
        incidents.commentsOf(armId),
      ]);
      const comment = comments.find(({ id }) => id === commentId);
      return comment && eta.render("./comment", { ...comment, number });
    },
  };
}

/** Widths at which portals show comments. */
const widths: Readonly<Record<string, string>> = { full: "this page", 700: "700 px", 420: "420 px" };

interface Verdict {
  readonly tag: string;
  readonly label: string;
}

const verdicts: readonly Verdict[] = [
  { tag: "threat-found", label: "Threat found" },
  { tag: "threat-suspected", label: "Threat suspected" },
  { tag: "no-known-threat", label: "No known threat" },
  { tag: "verdict-unknown", label: "Verdict unknown" },
];
const noVerdict: Verdict = { tag: "none", label: "No verdict yet" };

const verdictOf = ({ tags }: ShownIncident) => verdicts.find(({ tag }) => tags.includes(tag)) ?? noVerdict;

/** The verdicts that there are, and the chosen one. */
function filtersFor(rows: readonly { readonly verdict: Verdict }[], chosen: Verdict | undefined) {
  const filters = [...verdicts, noVerdict].map((verdict) => ({
    label: verdict.label,
    href: `/?verdict=${verdict.tag}`,
    isCurrent: verdict === chosen,
    count: rows.filter((row) => row.verdict === verdict).length,
  }));
  const all = { label: "All", href: "/", isCurrent: chosen === undefined, count: rows.length };
  return [all, ...filters.filter(({ count, isCurrent }) => count > 0 || isCurrent)];
}

/** Version and health of the app. */
async function appText(appOrigin: string): Promise<string> {
  try {
    const response = await fetch(`${appOrigin}/api/health`);
    const { version } = (await response.json()) as { version: string };
    return `App ${version}: ${response.ok ? "healthy" : "not healthy, see /api/health"}.`;
  } catch {
    return "The app does not answer.";
  }
}

interface RunState {
  readonly text: string;
  /** What it waits for, and what can be done about that. */
  readonly hint?: string;
  readonly isLive: boolean;
  readonly isKnown: boolean;
}

type Stage = RunStatus["stage"];

const stages: Readonly<Record<Stage, { readonly text: string; readonly hint?: string }>> = {
  readingEntities: {
    text: "Reading the incident",
    hint: "An incident without entities is read again after a minute.",
  },
  lookingUp: { text: "Looking up", hint: "VirusTotal and Intezer are answering." },
  waitingForIntezer: {
    text: "Waiting for Intezer's triage of the incident",
    hint: "The simulator sends it about 45 seconds after the incident was submitted. The button under Actions sends it now.",
  },
  commenting: { text: "Writing the comment" },
  completing: {
    text: "Looking up what is still open",
    hint: "The first comment is written; the answers that are still missing follow in another one.",
  },
  done: { text: "Finishing" },
};

const ended: Readonly<Record<string, string>> = { Completed: "Finished" };

function runState(run: InstanceStatus | undefined): RunState {
  if (!run)
    return {
      text: "Not sent to the app yet",
      hint: "The button under Actions sends it.",
      isLive: false,
      isKnown: false,
    };
  if (!isLive(run.runtimeStatus))
    return { text: ended[run.runtimeStatus] ?? run.runtimeStatus, isLive: false, isKnown: true };
  const { stage, done, total } = (run.customStatus ?? {}) as Partial<RunStatus>;
  const { text, hint = undefined } = stage === undefined ? { text: "Starting" } : stages[stage];
  const isCounted = stage === "lookingUp" || stage === "completing";
  return {
    text: isCounted && total ? `${text}: ${done} of ${total}` : text,
    ...(hint === undefined ? {} : { hint }),
    isLive: true,
    isKnown: true,
  };
}
