import { z } from "zod";
import type { Indicator } from "../../domain/indicators/indicator";
import { defined, jsonFrom } from "../../domain/json";
import {
  type Consultation,
  final,
  type Outcome,
  type Provider,
  pending,
  switchedOffBy,
} from "../../domain/lookups/provider";
import type { Wait } from "../../domain/lookups/quota";
import type { AnalysisBudget } from "../../domain/lookups/quota-ledger";
import {
  type AnalysisKind,
  analysisPathIn,
  analysisStateFrom,
  fileAnalysis,
  isAnalysisPath,
  urlAnalysis,
} from "./analysis";
import { type Answered, faultOf, type IntezerClient, type Refusal, refusalFrom } from "./client";
import { envelopeFrom, refusalBodyFrom } from "./wire";

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

/**
 * Intezer as a provider: files by their latest result or else a new analysis, URLs by a new analysis. A running analysis
 * is joined, so a consultation can be repeated without paying twice; only a URL whose analysis ended in between is
 * analysed again, since Intezer has no latest result for URLs.
 */
export function createIntezerProvider(options: IntezerProviderOptions): Provider {
  const { client, budget, detailsMs = 6_000, now } = options;
  const switches = [
    { kind: "file", analysis: fileAnalysis, isOn: options.files },
    { kind: "url", analysis: urlAnalysis, isOn: options.urls },
  ] as const;

  return {
    id: "intezer",
    title: "Intezer",
    kinds: switches.filter(({ isOn }) => isOn).map(({ kind }) => kind),
    off: Object.fromEntries(
      switches
        .filter(({ isOn }) => !isOn)
        .map(({ kind, analysis }) => [kind, switchedOffBy(analysis.setting)]),
    ),
    quota: { perMinute: 0, perDay: 0, perMonth: 0 },
    endpoint: client.endpoint,
    readsFragments: true,
    keyId: () => client.keyId(),
    async consult(indicator, continuation) {
      const chosen = switches.find(({ kind }) => kind === indicator.kind);
      if (!chosen) return off(`Intezer does not analyse this kind: ${indicator.kind}`);
      if (!chosen.isOn) return off(switchedOffBy(chosen.analysis.setting));
      const withheld = chosen.analysis.withheldReason(indicator);
      if (withheld) return off(withheld);
      const progress = progressSchema.safeParse(jsonFrom(continuation)).data ?? nothingStarted;
      const lookup: Lookup = {
        client,
        budget,
        detailsMs,
        now,
        kind: chosen.analysis,
        indicator,
        progress,
        limit: client.timeLimit(),
      };
      return progress.path ? poll(lookup, progress.path) : readLatest(lookup);
    },
  };
}

function off(reason: string): Consultation {
  return final({ kind: "off", reason });
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

interface Lookup {
  readonly client: IntezerClient;
  readonly budget: AnalysisBudget | undefined;
  readonly detailsMs: number;
  readonly now: () => number;
  readonly kind: AnalysisKind;
  readonly indicator: Indicator;
  readonly progress: Progress;
  readonly limit: AbortSignal;
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
