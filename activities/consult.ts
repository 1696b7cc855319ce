import type { Indicator } from "../domain/indicators/indicator";
import { defined } from "../domain/json";
import {
  type Claim,
  type ClaimId,
  type LookupCache,
  type Settlement,
  sourceOf,
} from "../domain/lookups/lookup-cache";
import {
  type Consultation,
  fault,
  final,
  type Outcome,
  type Provider,
  pending,
} from "../domain/lookups/provider";
import type { Wait } from "../domain/lookups/quota";
import type { QuotaLedger, QuotaStanding } from "../domain/lookups/quota-ledger";
import type { Invocation } from "./invocation";
import { faultSeconds, recordAnswers, takeSlotsFor } from "./slots";

export interface LookupRequest {
  readonly indicator: Indicator;
  readonly continuation?: string;
  /** Whether an indicator keeps its card even if it turns out harmless. */
  readonly keepCard: boolean;
}

export interface ConsultInput {
  readonly providerId: string;
  readonly incidentId: string;
  /** May use what is kept of the day's quota. */
  readonly urgent: boolean;
  /** At most 16, consulted side by side, highest priority first. */
  readonly batch: readonly LookupRequest[];
}

export interface ConsultOutput {
  /** One per item of the batch, in its order. */
  readonly consultations: readonly Consultation[];
  /** Nothing is left of the provider's quota until then. */
  readonly wait?: Wait;
}

interface Consulted extends ConsultOutput {
  readonly standing?: QuotaStanding;
}

export interface ConsultOutside {
  readonly providers: readonly Provider[];
  readonly cache: LookupCache;
  readonly ledger: QuotaLedger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Asks one provider about a batch of indicators: cached answers cost nothing, lookups of other runs
 * are waited for, and the others take slots of the quota. Never throws: it is a branch of a fan-out.
 */
export function createConsult(outside: ConsultOutside) {
  return async (input: ConsultInput, { log }: Invocation): Promise<ConsultOutput> => {
    const provider = outside.providers.find(({ id }) => id === input.providerId);
    const { consultations, wait, standing }: Consulted = provider
      ? await consultBatch(outside, provider, input)
      : { consultations: input.batch.map(() => gone) };
    log("Consulted a provider", {
      incidentId: input.incidentId,
      provider: input.providerId,
      outcomes: consultations.map((c) => (c.kind === "final" ? c.outcome.kind : c.cause)),
      // The workbook shows it against the limits (infra/workbook/queries/quota-used.kql).
      ...standing,
    });
    const slim = consultations.map((each, i): Consultation => {
      if (each.kind !== "final") return each;
      return final(withoutSurplusCard(each.outcome, input.batch[i]?.keepCard === true));
    });
    return { consultations: slim, ...defined({ wait }) };
  };
}

const gone = final({ kind: "off", reason: "the provider is no longer part of this app" });

/** Another run's lookup takes a moment, or ends without an answer. */
const busySeconds = 3;

async function consultBatch(
  { cache, ledger, now }: ConsultOutside,
  provider: Provider,
  { batch, incidentId, urgent }: ConsultInput,
): Promise<Consulted> {
  const indicators = batch.map(({ indicator }) => asRead(provider, indicator));
  const source = sourceOf(provider);
  const claimed = await cache.claim(source, indicators, incidentId);
  if (claimed.kind !== "done") return { consultations: batch.map(() => fault(claimed.reason, faultSeconds)) };
  const claims = claimed.value;
  const mine = batch.flatMap((item, position) => {
    const claim = claims[position];
    return claim?.kind === "claimed"
      ? [{ position, claimId: claim.claimId, item: goingOn(item, claim) }]
      : [];
  });
  const items = mine.map(({ item }) => item);
  const { refusals, wait, account, standing } = await takeSlotsFor(provider, ledger, items, { urgent, now });
  const consulted = await Promise.all(
    mine.map(async ({ position, claimId, item }, i) => {
      const consultation = refusals[i] ?? (await consultOne(provider, item));
      return { position, consultation, settlement: settlementOf(claimId, item, consultation) };
    }),
  );
  await cache.settle(
    source,
    consulted.map(({ settlement }) => settlement),
  );
  const answers = consulted.map(({ consultation }) => consultation);
  const received = answers.filter((_, i) => refusals[i] === undefined);
  if (account) await recordAnswers(ledger, account, received, now());
  const byPosition = new Map(consulted.map(({ position, consultation }) => [position, consultation]));
  const consultations = batch.map((_, i) => byPosition.get(i) ?? withoutClaim(claims[i], provider));
  return { consultations, ...defined({ wait, standing }) };
}

/** Where a provider reads no fragments, an answer about a page is one for all of them. */
export function asRead({ readsFragments }: Provider, { fragment, ...page }: Indicator): Indicator {
  return readsFragments && fragment !== undefined ? { ...page, fragment } : page;
}

/** Continues what another incident has begun: a running analysis is not paid for twice. */
function goingOn(item: LookupRequest, { continuation }: { readonly continuation?: string }): LookupRequest {
  return item.continuation === undefined && continuation !== undefined ? { ...item, continuation } : item;
}

function settlementOf(claimId: ClaimId, item: LookupRequest, consultation: Consultation): Settlement {
  return consultation.kind === "final"
    ? { claimId, outcome: consultation.outcome }
    : { claimId, outcome: undefined, continuation: consultation.continuation ?? item.continuation };
}

function withoutClaim(claim: Claim | undefined, { title }: Provider): Consultation {
  if (claim?.kind === "known") return final(claim.outcome);
  const reason = `another incident has just asked ${title} about it`;
  return pending(reason, busySeconds);
}

async function consultOne(
  provider: Provider,
  { indicator, continuation }: LookupRequest,
): Promise<Consultation> {
  try {
    return await provider.consult(indicator, continuation);
  } catch {
    return fault("internal error in the provider's client", faultSeconds);
  }
}

/** Cards are carried by bad answers and by the first few others: the history of a run stays small. */
export function withoutSurplusCard(outcome: Outcome, keepCard: boolean): Outcome {
  if (keepCard || outcome.kind !== "answered") return outcome;
  const { card, ...answer } = outcome.answer;
  const isBad = answer.verdict === "malicious" || answer.verdict === "suspicious";
  return card === undefined || isBad ? outcome : { ...outcome, answer };
}
