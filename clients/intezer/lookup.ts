import { z } from "zod";
import type { Indicator } from "../../domain/indicators/indicator";
import { defined, jsonFrom } from "../../domain/json";
import type { AnalysisBudget } from "../../domain/lookups/analysis-budget";
import { type Consultation, final, type Outcome, pending } from "../../domain/lookups/provider";
import type { Wait } from "../../domain/lookups/quota";
import { analysisPathIn, analysisStateFrom, isAnalysisPath } from "./analysis";
import type { AnalysisKind } from "./analysis-kind";
import type { Answered, IntezerClient } from "./client";
import { faultOf, type Refusal, refusalFrom } from "./refusal";
import { envelopeFrom, refusalBodyFrom } from "./wire";

/** What every lookup of a provider shares. */
export interface LookupOutside {
  readonly client: IntezerClient;
  readonly budget: AnalysisBudget | undefined;
  /** Milliseconds for reading the details of one bad file, after its verdict. */
  readonly detailsMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Where a lookup stands between two consultations. */
const progressSchema = z.object({
  /** The analysis to read; without it the lookup starts over. */
  path: z.string().refine(isAnalysisPath).optional(),
  /** How often the analysis was still running. */
  polls: z.number().int().nonnegative(),
  /** An analysis was gone when it was read, and another one was started. */
  restarted: z.literal(true).optional(),
});
type Progress = z.infer<typeof progressSchema>;

const nothingStarted: Progress = { polls: 0 };

interface Lookup extends LookupOutside {
  readonly kind: AnalysisKind;
  readonly indicator: Indicator;
  readonly progress: Progress;
  readonly limit: AbortSignal;
}

/** One step of a lookup. `continuation` is what the step before returned. */
export function consultIntezer(
  outside: LookupOutside,
  kind: AnalysisKind,
  indicator: Indicator,
  continuation: string | undefined,
): Promise<Consultation> {
  const progress = progressSchema.safeParse(jsonFrom(continuation)).data ?? nothingStarted;
  const lookup: Lookup = { ...outside, kind, indicator, progress, limit: outside.client.timeLimit() };
  return progress.path ? poll(lookup, progress.path) : readLatest(lookup);
}

async function readLatest(lookup: Lookup): Promise<Consultation> {
  const { client, kind, indicator, progress, limit, now } = lookup;
  if (!kind.latest) return submit(lookup);
  const answer = await client.send(kind.latest(indicator), limit);
  const state = answer.kind === "answer" ? analysisStateFrom(answer) : undefined;
  switch (state?.kind) {
    case "finished":
      return finished(lookup, state.result);
    case "running":
      return working(progress, answer.kind === "answer" ? pathIn(answer, kind) : undefined);
    case "failed":
    case "gone":
      return submit(lookup);
    default:
      return stopped(refusalFrom(answer, kind.reading, now()), progress);
  }
}

async function submit(lookup: Lookup): Promise<Consultation> {
  const { client, budget, kind, indicator, progress, limit, now } = lookup;
  const grant = await budget?.take();
  if (grant?.kind === "denied") return final(overBudget(grant.wait));
  if (grant?.kind === "fault") return stopped(faultOf(grant.reason), progress);
  const answer = await client.send(kind.submission(indicator), limit);
  // An analysis that may have started counts, even if its answer was lost.
  if (answer.kind === "answer" && answer.status >= 400 && answer.status < 500) await budget?.giveBack();
  if (answer.kind === "answer") {
    const path = pathIn(answer, kind);
    if (answer.status === 409) return isSkipped(answer) ? final(skipped) : working(progress, path);
    if (answer.status < 300 && path) return working(progress, path);
    const outcome = kind.outcomeOfSubmission(answer);
    if (outcome) return final(outcome);
  }
  return stopped(refusalFrom(answer, kind.submitting, now()), progress);
}

async function poll(lookup: Lookup, path: string): Promise<Consultation> {
  const { client, kind, progress, limit, now } = lookup;
  const answer = await client.send({ method: "GET", path }, limit);
  const state = answer.kind === "answer" ? analysisStateFrom(answer) : undefined;
  switch (state?.kind) {
    case "finished":
      return finished(lookup, state.result);
    case "running":
      return working(progress, path);
    case "failed":
      return failed("Intezer's analysis failed");
    case "gone":
      if (progress.restarted) return failed("Intezer lost the analysis twice");
      return submit({ ...lookup, progress: { polls: 0, restarted: true } });
    default:
      return stopped(refusalFrom(answer, kind.reading, now()), progress);
  }
}

async function finished(lookup: Lookup, result: unknown): Promise<Consultation> {
  const { client, kind, indicator, detailsMs, progress } = lookup;
  const limit = AbortSignal.any([lookup.limit, AbortSignal.timeout(detailsMs)]);
  const outcome = await kind.outcomeFrom(indicator, result, async (path) => {
    const answer = await client.send({ method: "GET", path }, limit);
    return answer.kind === "answer" && answer.status === 200 ? answer.body : undefined;
  });
  return outcome ? final(outcome) : stopped(faultOf("Intezer's result could not be read"), progress);
}

function pathIn(answer: Answered, kind: AnalysisKind): string | undefined {
  return analysisPathIn(envelopeFrom(answer.body), kind.folder);
}

const skipped: Outcome = { kind: "off", reason: "A rule of the Intezer account skips it" };

function isSkipped(answer: Answered): boolean {
  return refusalBodyFrom(answer.body).isSkippedByRule;
}

function overBudget({ freeAt, reason }: Wait): Outcome {
  const text = `INTEZER_ANALYSES_PER_DAY allows no further analysis: ${reason}`;
  return { kind: "notChecked", cause: "budget", reason: text, possibleAt: freeAt };
}

const firstPollSeconds = 5;
const longestPollSeconds = 30;

/** Without a path the running analysis is unknown, so the next consultation starts over and finds its result. */
function working({ polls, restarted }: Progress, path: string | undefined): Consultation {
  const next: Progress = { polls: polls + 1, ...defined({ path, restarted }) };
  const afterSeconds = Math.min(Math.round(firstPollSeconds * 1.5 ** polls), longestPollSeconds);
  return pending("Intezer is analysing it", afterSeconds, JSON.stringify(next));
}

/** The refusal, with the progress kept for the next try. */
function stopped(refusal: Refusal, progress: Progress): Consultation {
  if (refusal.kind === "again") {
    const continuation = progress === nothingStarted ? undefined : JSON.stringify(progress);
    return { ...refusal, ...defined({ continuation }) };
  }
  const { reason, cause, possibleAt, isOff } = refusal;
  if (isOff) return final({ kind: "off", reason });
  return cause ? final({ kind: "notChecked", cause, reason, ...defined({ possibleAt }) }) : failed(reason);
}

function failed(reason: string): Consultation {
  return final({ kind: "failed", reason });
}
