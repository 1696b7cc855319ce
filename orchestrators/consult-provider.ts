import type { OrchestrationContext } from "durable-functions";
import type { ConsultOutput } from "../activities/consult";
import type { CommentDetail } from "../domain/comment-detail";
import { type Indicator, indicatorKinds } from "../domain/indicator";
import type { Consultation } from "../domain/provider";
import type { ProviderPlan } from "../domain/run";
import type { LookUp, OpenLookUp } from "../domain/run-report";
import { type Allowance, createAllowance, nextUtcMidnight, type Spent } from "./allowance";
import { branch, type Step } from "./call";
import { now, sleepUntil } from "./clock";

export interface ConsultProviderInput {
  readonly incidentId: string;
  readonly provider: Pick<ProviderPlan, "id" | "quota">;
  readonly indicators: readonly { readonly indicator: Indicator; readonly continuation?: string }[];
  /** Epoch milliseconds; nothing is started from then on. */
  readonly deadline: number;
  readonly detail: CommentDetail;
  /** What the run has spent at this provider before. */
  readonly spent: Spent;
}

export interface ConsultProviderOutput {
  /** One per indicator, in the same order. */
  readonly lookUps: readonly LookUp[];
  readonly spent: Spent;
}

/** One indicator on its way to an outcome. */
interface Item {
  readonly indicator: Indicator;
  readonly keepCard: boolean;
  continuation: string | undefined;
  /** Epoch milliseconds. */
  dueAt: number;
  faults: number;
  lookUp: LookUp;
}

const batchSize = 8;
/** As many as a comment has room for, where it shows them. */
const cardsForHarmless: Readonly<Record<CommentDetail, number>> = { worst: 10, full: 40 };
const faultWaitsSeconds = [5, 20, 60];

/**
 * One provider's share of a run: rounds of look-ups side by side, paced by the key's quota, repeated while the
 * service asks for it. Always ends with one look-up per indicator: an outcome, or open when the deadline came first.
 */
export function* consultProvider(context: OrchestrationContext): Step<ConsultProviderOutput> {
  const input = context.df.getInput<ConsultProviderInput>() as ConsultProviderInput;
  const allowance = createAllowance(input.provider.quota, input.spent);
  const items = input.indicators.map(
    ({ indicator, continuation }, position): Item => ({
      indicator,
      keepCard: position < cardsForHarmless[input.detail],
      continuation,
      dueAt: 0,
      faults: 0,
      lookUp: { kind: "open", cause: "quota", reason: "not asked yet" },
    }),
  );
  const byWorth = items.toSorted((a, b) => worth(a) - worth(b));

  for (;;) {
    const open = byWorth.filter(({ lookUp }) => lookUp.kind === "open");
    const next = nextRoundAt(open, allowance, now(context));
    if (open.length === 0 || next === undefined || next >= input.deadline) break;
    yield* sleepUntil(context, next);
    if (now(context) >= input.deadline) break;
    const due = open.filter(({ dueAt }) => dueAt <= now(context)).slice(0, allowance.free(now(context)));
    allowance.take(due.length, now(context));
    const consultations = yield* consultAll(context, input, due);
    const at = now(context);
    for (const [i, item] of due.entries()) settle(item, consultations[i] ?? unanswered, at);
    spread(items, due, consultations, at);
  }
  if (allowance.nextAt(now(context)) === undefined) giveUpForQuota(items, nextUtcMidnight(now(context)));
  return { lookUps: items.map(({ lookUp }) => lookUp), spent: allowance.spent(now(context)) };
}

const worth = ({ indicator }: Item) => indicatorKinds.indexOf(indicator.kind);

/** The earliest instant at which an open indicator is due and a request may be made; `undefined` when never. */
function nextRoundAt(open: readonly Item[], allowance: Allowance, instant: number): number | undefined {
  const allowedAt = allowance.nextAt(instant);
  if (allowedAt === undefined) return undefined;
  return Math.max(allowedAt, Math.min(...open.map(({ dueAt }) => dueAt)));
}

const unanswered: Consultation = {
  kind: "again",
  cause: "fault",
  afterSeconds: 5,
  reason: "the look-up ended without an answer",
};

function* consultAll(
  context: OrchestrationContext,
  input: ConsultProviderInput,
  due: readonly Item[],
): Step<readonly Consultation[]> {
  const batches = Array.from({ length: Math.ceil(due.length / batchSize) }, (_, i) =>
    due.slice(i * batchSize, (i + 1) * batchSize),
  );
  const tasks = batches.map((batch) =>
    branch(context, "consult", {
      providerId: input.provider.id,
      incidentId: input.incidentId,
      batch: batch.map(({ indicator, continuation, keepCard }) => ({
        indicator,
        keepCard,
        ...(continuation === undefined ? {} : { continuation }),
      })),
    }),
  );
  try {
    const outputs: readonly ConsultOutput[] = yield context.df.Task.all(tasks);
    return outputs.flatMap(({ consultations }) => consultations);
  } catch {
    // The worker died under an activity more often than the host repeats it: as good as no answer from the service.
    return due.map(() => unanswered);
  }
}

/** Notes what came of one look-up. */
function settle(item: Item, consultation: Consultation, at: number): void {
  if (consultation.kind === "final") {
    item.lookUp = consultation.outcome;
    return;
  }
  const { cause, reason, continuation } = consultation;
  const wait = cause === "fault" ? faultWaitsSeconds[item.faults++] : consultation.afterSeconds;
  item.continuation = continuation ?? item.continuation;
  item.lookUp = wait === undefined ? { kind: "failed", reason } : openWith(item, cause, reason);
  item.dueAt = at + Math.max(wait ?? 0, cause === "fault" ? consultation.afterSeconds : 0) * 1000;
}

function openWith(item: Item, cause: OpenLookUp["cause"], reason: string): OpenLookUp {
  return {
    kind: "open",
    cause,
    reason,
    ...(item.continuation === undefined ? {} : { continuation: item.continuation }),
  };
}

/** A rejected key ends the provider for the run; spent quota makes all of its look-ups wait. */
function spread(
  items: readonly Item[],
  due: readonly Item[],
  consultations: readonly Consultation[],
  at: number,
): void {
  const rejection = due.map(({ lookUp }) => lookUp).find((l) => l.kind === "notChecked" && l.cause === "key");
  const pauses = consultations.flatMap((c) =>
    c.kind === "again" && c.cause === "quota" ? [c.afterSeconds] : [],
  );
  const resumeAt = at + Math.max(0, ...pauses) * 1000;
  for (const item of items.filter(({ lookUp }) => lookUp.kind === "open")) {
    item.lookUp = rejection ?? item.lookUp;
    item.dueAt = Math.max(item.dueAt, resumeAt);
  }
}

function giveUpForQuota(items: readonly Item[], possibleAt: number): void {
  for (const item of items.filter(({ lookUp }) => lookUp.kind === "open")) {
    item.lookUp = {
      kind: "notChecked",
      cause: "quota",
      reason: "the key's quota for the day is spent",
      possibleAt,
    };
  }
}
