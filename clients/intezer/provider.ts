import { z } from "zod";
import type { IndicatorKind } from "../../domain/indicators/indicator";
import { jsonFrom } from "../../domain/json";
import type { AnalysisBudget } from "../../domain/lookups/analysis-budget";
import type { Consultation, Outcome, Provider } from "../../domain/lookups/provider";
import { switchedOffBy } from "../../domain/lookups/provider";
import type { Wait } from "../../domain/lookups/quota";
import { analysisPathIn, analysisStateFrom, isAnalysisPath } from "./analysis";
import type { Answered, IntezerClient } from "./client";
import { type Refusal, refusalFrom } from "./refusal";
import { file, type Subject, url } from "./subject";
import { envelopeFrom } from "./wire";

export interface IntezerProviderOptions {
  readonly client: IntezerClient;
  /** Files are looked up by hash, and analysed when Intezer has a copy (setting INTEZER_FILES). */
  readonly files: boolean;
  /** URLs are analysed: Intezer opens them (setting INTEZER_URLS). */
  readonly urls: boolean;
  /** Own limit for new analyses (setting INTEZER_ANALYSES_PER_DAY); absent: none but the plan's. */
  readonly budget?: AnalysisBudget;
  /** Milliseconds for the details of one bad file, which come after its verdict; default 6,000. */
  readonly detailsMs?: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Where a lookup stands between two consultations. */
const progress = z.object({
  /** The analysis to look at; without one the lookup begins anew. */
  path: z.string().refine(isAnalysisPath).optional(),
  /** How often Intezer was found working. */
  polls: z.number().int().nonnegative(),
  /** An analysis was gone when it was asked for, and another one was started. */
  restarted: z.literal(true).optional(),
});
type Progress = z.infer<typeof progress>;

const nothingBegun: Progress = { polls: 0 };

interface Lookup {
  readonly subject: Subject;
  readonly value: string;
  readonly progress: Progress;
  readonly limit: AbortSignal;
}

/**
 * Intezer as a provider: files by their latest result or else a new analysis, URLs by a new analysis. An analysis that
 * runs already is joined, so that a consultation may be repeated without paying twice; only a URL whose analysis ended
 * in between is analysed again, since Intezer has no latest result for URLs.
 */
export function createIntezerProvider(options: IntezerProviderOptions): Provider {
  const { client, budget, detailsMs = 6_000, now } = options;
  const switches = [
    { kind: "file", subject: file, isOn: options.files },
    { kind: "url", subject: url, isOn: options.urls },
  ] as const;

  const finished = async (lookup: Lookup, result: unknown): Promise<Consultation> => {
    const limit = AbortSignal.any([lookup.limit, AbortSignal.timeout(detailsMs)]);
    const outcome = await lookup.subject.outcomeFrom(result, async (path) => {
      const answer = await client.send({ method: "GET", path }, limit);
      return answer.kind === "answer" && answer.status === 200 ? answer.body : undefined;
    });
    if (outcome) return final(outcome);
    const reason = "Intezer's result was not readable";
    return refused({ kind: "fault", reason, afterSeconds: 5 }, lookup.progress);
  };

  const readLatest = async (lookup: Lookup): Promise<Consultation> => {
    const { subject, value, progress, limit } = lookup;
    if (!subject.latest) return submit(lookup);
    const answer = await client.send(subject.latest(value), limit);
    const state = answer.kind === "answer" ? analysisStateFrom(answer) : undefined;
    switch (state?.kind) {
      case "finished":
        return finished(lookup, state.result);
      case "running":
        return pending(progress, answer.kind === "answer" ? pathIn(answer, subject) : undefined);
      case "failed":
      case "gone":
        return submit(lookup);
      default:
        return refused(refusalFrom(answer, subject.reading, now()), progress);
    }
  };

  const submit = async (lookup: Lookup): Promise<Consultation> => {
    const { subject, value, progress, limit } = lookup;
    const leave = await budget?.take();
    if (leave?.kind === "denied") return final(overBudget(leave.wait));
    if (leave?.kind === "fault")
      return refused({ kind: "fault", reason: leave.reason, afterSeconds: 5 }, progress);
    const answer = await client.send(subject.submission(value), limit);
    // Whatever else came of it: an analysis that may have been started is paid for.
    if (answer.kind === "answer" && answer.status >= 400 && answer.status < 500) await budget?.giveBack();
    if (answer.kind === "answer") {
      const path = pathIn(answer, subject);
      if (answer.status === 409) return isSkipped(answer) ? final(skipped) : pending(progress, path);
      if (answer.status < 300 && path) return pending(progress, path);
      const outcome = subject.outcomeOfSubmission(answer);
      if (outcome) return final(outcome);
    }
    return refused(refusalFrom(answer, subject.submitting, now()), progress);
  };

  const poll = async (lookup: Lookup, path: string): Promise<Consultation> => {
    const { subject, progress, limit } = lookup;
    const answer = await client.send({ method: "GET", path }, limit);
    const state = answer.kind === "answer" ? analysisStateFrom(answer) : undefined;
    switch (state?.kind) {
      case "finished":
        return finished(lookup, state.result);
      case "running":
        return pending(progress, path);
      case "failed":
        return failed("Intezer's analysis failed");
      case "gone":
        if (progress.restarted) return failed("Intezer lost the analysis twice");
        return submit({ ...lookup, progress: { polls: 0, restarted: true } });
      default:
        return refused(refusalFrom(answer, subject.reading, now()), progress);
    }
  };

  return {
    id: "intezer",
    title: "Intezer",
    kinds: switches.filter(({ isOn }) => isOn).map(({ kind }) => kind),
    off: Object.fromEntries(
      switches.filter(({ isOn }) => !isOn).map(({ kind, subject }) => [kind, switchedOffBy(subject.setting)]),
    ),
    quota: { perMinute: 0, perDay: 0, perMonth: 0 },
    keyId: () => client.keyId(),
    async consult({ kind, value }, continuation) {
      const chosen = switches.find((each) => each.kind === kind);
      if (!chosen?.isOn) return final({ kind: "off", reason: offReason(kind, chosen?.subject.setting) });
      const progress = progressFrom(continuation);
      const lookup = { subject: chosen.subject, value, progress, limit: client.timeLimit() };
      return progress.path ? poll(lookup, progress.path) : readLatest(lookup);
    },
  };
}

function pathIn(answer: Answered, subject: Subject): string | undefined {
  return analysisPathIn(envelopeFrom(answer.body), subject.folder);
}

const skipped: Outcome = { kind: "off", reason: "A rule of the Intezer account skips it" };

function isSkipped(answer: Answered): boolean {
  return envelopeFrom(answer.body).result?.is_skipped_by_rule === true;
}

function overBudget({ freeAt, reason }: Wait): Outcome {
  const told = `INTEZER_ANALYSES_PER_DAY allows no further analysis: ${reason}`;
  return { kind: "notChecked", cause: "budget", reason: told, possibleAt: freeAt };
}

function offReason(kind: IndicatorKind, setting: string | undefined): string {
  return setting ? switchedOffBy(setting) : `Intezer does not analyse this kind: ${kind}`;
}

const firstPollSeconds = 5;
const longestPollSeconds = 30;

/** Without a path nobody knows which analysis runs: the next consultation begins anew and finds its result. */
function pending(progress: Progress, path: string | undefined): Consultation {
  const next: Progress = {
    ...(path ? { path } : {}),
    polls: progress.polls + 1,
    ...(progress.restarted ? { restarted: true } : {}),
  };
  return {
    kind: "again",
    cause: "pending",
    afterSeconds: Math.min(Math.round(firstPollSeconds * 1.5 ** progress.polls), longestPollSeconds),
    reason: "Intezer is analysing it",
    continuation: JSON.stringify(next),
  };
}

/** What stands in the way, with the progress kept for the next try: nothing begun, nothing to go on with. */
function refused(refusal: Refusal, progress: Progress): Consultation {
  const { reason } = refusal;
  const begun = progress === nothingBegun ? {} : { continuation: JSON.stringify(progress) };
  switch (refusal.kind) {
    case "noKey":
      return final({ kind: "off", reason });
    case "keyRejected":
      return final({ kind: "notChecked", cause: "key", reason });
    case "quotaSpent":
      return final({ kind: "notChecked", cause: "quota", reason, possibleAt: refusal.possibleAt });
    case "rightMissing":
      return final({ kind: "notChecked", cause: "right", reason });
    case "throttled":
      return { kind: "again", cause: "quota", afterSeconds: refusal.afterSeconds, reason, ...begun };
    case "fault":
      return { kind: "again", cause: "fault", afterSeconds: refusal.afterSeconds, reason, ...begun };
    case "refused":
      return failed(reason);
  }
}

function failed(reason: string): Consultation {
  return final({ kind: "failed", reason });
}

function final(outcome: Outcome): Consultation {
  return { kind: "final", outcome };
}

function progressFrom(continuation: string | undefined): Progress {
  const parsed = progress.safeParse(jsonFrom(continuation));
  return parsed.success ? parsed.data : nothingBegun;
}
