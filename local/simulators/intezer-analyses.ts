import { randomUUID } from "node:crypto";
import type { Clock } from "../clock";
import { type AnalysisPlan, type IntezerFile, type IntezerUrl, unsuspiciousUrl } from "./intezer-data";
import type { Reply } from "./simulator";

export interface AnalysesOptions {
  readonly clock: Clock;
  /** Seconds from submission to result; default 20. */
  readonly analysisSeconds?: number;
  /** New analyses per UTC day; default: no limit. */
  readonly analysesPerDay?: number;
  /** Whether a 409 names the analysis that runs already; default `named`. */
  readonly conflicts?: "named" | "bare";
}

/** Details of a file's analysis, each with the status that says that there are none. */
const detailsOf = {
  "code-reuse": ({ codeReuse }: Partial<IntezerFile>) => codeReuse ?? 409,
  metadata: ({ metadata }: Partial<IntezerFile>) => metadata ?? 404,
  "dynamic-ttps": ({ behaviours }: Partial<IntezerFile>) => (behaviours ? { result: behaviours } : 404),
} as const;

export type AnalysisDetail = keyof typeof detailsOf;

interface Analysis {
  readonly id: string;
  readonly folder: "analyses" | "url";
  readonly plan: AnalysisPlan & Partial<IntezerFile>;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endsAt: number;
  readonly result: Readonly<Record<string, unknown>>;
}

const dayMs = 86_400_000;
const hashPattern = /^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i;

/** Files, URLs and their analyses: queued, then in progress, then ended, by the clock. */
export function createAnalyses(options: AnalysesOptions) {
  const { clock, analysisSeconds = 20, analysesPerDay = Number.POSITIVE_INFINITY } = options;
  const files = new Map<string, IntezerFile>();
  const urls = new Map<string, IntezerUrl>();
  const analyses = new Map<string, Analysis>();
  const expired = new Set<string>();
  /** The newest analysis of a file or URL. */
  const newest = new Map<IntezerFile | IntezerUrl, Analysis>();
  const started = new Map<number, number>();

  const stateOf = ({ plan, startedAt, endsAt }: Analysis) => {
    const now = clock.now();
    if (now < startedAt + (endsAt - startedAt) / 3) return "queued";
    if (now < endsAt || plan.analysis === "neverEnds") return "in_progress";
    return plan.analysis === "fails" ? "failed" : "succeeded";
  };

  const isRunning = (analysis: Analysis) => ["queued", "in_progress"].includes(stateOf(analysis));

  const add = (thing: IntezerFile | IntezerUrl, startedAt: number): Analysis => {
    const id = randomUUID();
    const folder = "url" in thing ? "url" : "analyses";
    const endsAt = startedAt + analysisSeconds * 1000;
    const subject =
      "url" in thing ? { submitted_url: thing.url, scanned_url: thing.url } : { sha256: thing.sha256 };
    const result = {
      analysis_id: id,
      analysis_time: new Date(endsAt).toUTCString(),
      analysis_url: `https://analyze.intezer.com/${folder}/${id}`,
      ...subject,
      ...thing.findings,
    };
    const analysis: Analysis = { id, folder, plan: thing, startedAt, endsAt, result };
    analyses.set(id, analysis);
    newest.set(thing, analysis);
    return analysis;
  };

  const submit = (thing: IntezerFile | IntezerUrl): Reply => {
    if (thing.isSkippedByRule)
      return {
        status: 409,
        json: { error: "Analysis skipped by rule", result: { is_skipped_by_rule: true } },
      };
    const last = newest.get(thing);
    if (last && isRunning(last)) return conflict(last);
    const today = Math.floor(clock.now() / dayMs);
    const startedToday = started.get(today) ?? 0;
    if (startedToday >= analysesPerDay)
      return { status: 403, json: { error: "Account has reached action quota" } };
    started.set(today, startedToday + 1);
    return { status: 201, json: { result_url: pathOf(add(thing, clock.now())) } };
  };

  const conflict = (analysis: Analysis): Reply =>
    options.conflicts === "bare"
      ? { status: 409, json: {} }
      : { status: 409, json: { result_url: pathOf(analysis), result: { analysis_id: analysis.id } } };

  return {
    addFile(file: IntezerFile): void {
      for (const hash of [file.sha256, file.sha1, file.md5]) if (hash) files.set(hash, file);
      if (file.latest === "present") add(file, clock.now() - dayMs);
    },
    addUrl(url: IntezerUrl): void {
      urls.set(url.url, url);
    },
    /** All analyses are gone, as old ones are one day: reading one by id answers 410. */
    expire(): void {
      for (const id of analyses.keys()) expired.add(id);
      analyses.clear();
      newest.clear();
    },
    /** How many analyses have been started, and would have been paid for. */
    count: () => [...started.values()].reduce((sum, each) => sum + each, 0),

    submitHash(hash: unknown): Reply {
      if (typeof hash !== "string" || !hashPattern.test(hash)) return invalid("hash", "invalid hash");
      const file = files.get(hash.toLowerCase());
      return file ? submit(file) : { status: 404, json: { error: "File not found" } };
    },

    submitUrl(submitted: unknown): Reply {
      const normalised = typeof submitted === "string" ? normalisedUrl(submitted) : undefined;
      if (!normalised) return { status: 400, json: { error: "Invalid url" } };
      const known: IntezerUrl = urls.get(normalised) ?? { url: normalised, findings: unsuspiciousUrl };
      urls.set(normalised, known);
      if (!known.isOffline) return submit(known);
      const error = "The URL you entered seems to be offline.";
      return { status: 400, json: { error, result: { is_url_offline: true } } };
    },

    latest(hash: string): Reply {
      const file = files.get(hash.toLowerCase());
      const last = file && newest.get(file);
      const state = last && stateOf(last);
      if (last && state === "succeeded") return finished(last, state);
      const isGone = state === "failed" || file?.latest === "expired";
      return isGone
        ? { status: 410, json: { error: "Analysis expired" } }
        : { status: 404, json: { error: "Analysis was not found" } };
    },

    read(folder: string, id: string): Reply {
      const analysis = analyses.get(id);
      if (expired.has(id)) return { status: 410, json: { error: "Analysis expired" } };
      if (analysis?.folder !== folder) return { status: 404, json: { error: "Analysis was not found" } };
      const state = stateOf(analysis);
      if (state === "failed") return { status: 200, json: { status: state } };
      if (state === "succeeded") return finished(analysis, state);
      return { status: 202, json: { status: state, result_url: pathOf(analysis) } };
    },

    detail(id: string, detail: AnalysisDetail): Reply {
      const analysis = analyses.get(id);
      if (!analysis) return { status: 404, json: { error: "Analysis was not found" } };
      if (stateOf(analysis) !== "succeeded") return { status: 409, json: {} };
      const body = detailsOf[detail](analysis.plan);
      return typeof body === "number"
        ? { status: body, json: { error: "Not found" } }
        : { status: 200, json: body };
    },
  };
}

function finished(analysis: Analysis, status: string): Reply {
  return { status: 200, json: { result: analysis.result, result_url: pathOf(analysis), status } };
}

function pathOf({ folder, id }: Analysis): string {
  return `/${folder}/${id}`;
}

export function invalid(field: string, message: string): Reply {
  return { status: 400, json: { error: "The request is not valid", details: { [field]: [message] } } };
}

/** Intezer takes bare host names too. */
function normalisedUrl(text: string): string | undefined {
  const absolute = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  const isOther = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && absolute !== text;
  return !isOther && URL.canParse(absolute) ? new URL(absolute).href : undefined;
}
