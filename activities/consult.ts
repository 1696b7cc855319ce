import type { Indicator } from "../domain/indicators/indicator";
import { defined } from "../domain/json";
import {
  type Claim,
  type ClaimId,
  type LookupCache,
  noLookupCache,
  type Settlement,
  sourceOf,
} from "../domain/lookups/lookup-cache";
import {
  type AnyProvider,
  type BulkProvider,
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
  /** Whether the answer keeps its card even if the indicator is harmless. */
  readonly keepCard: boolean;
}

export interface ConsultInput {
  readonly providerId: string;
  readonly incidentId: string;
  /** Scope of the incident's workspace. */
  readonly scope: string;
  /** May use the reserved part of the day's quota. */
  readonly urgent: boolean;
  /** At most 32, or the size of one bulk lookup; looked up in parallel, highest priority first. */
  readonly batch: readonly LookupRequest[];
}

export interface ConsultOutput {
  /** One per item of the batch, in its order. */
  readonly consultations: readonly Consultation[];
  /** Set if the provider's quota is spent until then. */
  readonly wait?: Wait;
}

interface Consulted extends ConsultOutput {
  readonly standing?: QuotaStanding;
}

export interface ConsultOutside {
  readonly providers: readonly AnyProvider[];
  readonly cache: LookupCache;
  readonly ledger: QuotaLedger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Looks up a batch of indicators with one provider: cached answers cost nothing, lookups that other runs are making stay
 * pending, and the rest take slots of the quota. Never throws, since it is a branch of a fan-out.
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
      // The workbook compares it with the limits (infra/workbook/queries/quota-used.kql).
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
  { ledger, now, ...outside }: ConsultOutside,
  provider: AnyProvider,
  { batch, incidentId, scope, urgent }: ConsultInput,
): Promise<Consulted> {
  const cache = provider.isInternal ? noLookupCache : outside.cache;
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
  const answered = await consultAll(
    provider,
    items.filter((_, i) => refusals[i] === undefined),
    scope,
  );
  const consulted = mine.map(({ position, claimId, item }, i) => {
    const consultation = refusals[i] ?? answered.get(item) ?? internalError;
    return { position, consultation, settlement: settlementOf(claimId, item, consultation) };
  });
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

/** The indicator without its fragment, if the provider ignores fragments: its answer then holds for all of them. */
export function asRead({ readsFragments }: AnyProvider, { fragment, ...page }: Indicator): Indicator {
  return readsFragments && fragment !== undefined ? { ...page, fragment } : page;
}

/** Continues what another run has begun, so that a running analysis is not paid for twice. */
function goingOn(item: LookupRequest, { continuation }: { readonly continuation?: string }): LookupRequest {
  return item.continuation === undefined && continuation !== undefined ? { ...item, continuation } : item;
}

function settlementOf(claimId: ClaimId, item: LookupRequest, consultation: Consultation): Settlement {
  return consultation.kind === "final"
    ? { claimId, outcome: consultation.outcome }
    : { claimId, outcome: undefined, continuation: consultation.continuation ?? item.continuation };
}

function withoutClaim(claim: Claim | undefined, { title }: AnyProvider): Consultation {
  if (claim?.kind === "known") return final(claim.outcome);
  const reason = `another run is looking it up in ${title}`;
  return pending(reason, busySeconds);
}

const internalError = fault("internal error in the provider's client", faultSeconds);

/** The provider's answer to each item. */
async function consultAll(
  provider: AnyProvider,
  items: readonly LookupRequest[],
  scope: string,
): Promise<ReadonlyMap<LookupRequest, Consultation>> {
  const consultations =
    "bulkSize" in provider
      ? await consultInBulk(provider, items, scope)
      : await Promise.all(items.map((item) => consultOne(provider, item)));
  return new Map(items.map((item, i) => [item, consultations[i] ?? internalError]));
}

async function consultInBulk(
  provider: BulkProvider,
  items: readonly LookupRequest[],
  scope: string,
): Promise<readonly Consultation[]> {
  if (items.length === 0) return [];
  try {
    const indicators = items.map(({ indicator }) => indicator);
    return await provider.consultAll(indicators, scope);
  } catch {
    return [];
  }
}

async function consultOne(
  provider: Provider,
  { indicator, continuation }: LookupRequest,
): Promise<Consultation> {
  try {
    return await provider.consult(indicator, continuation);
  } catch {
    return internalError;
  }
}

/** Removes the card, except from bad answers and from the first few others, so that the history of a run stays small. */
export function withoutSurplusCard(outcome: Outcome, keepCard: boolean): Outcome {
  if (keepCard || outcome.kind !== "answered") return outcome;
  const { card, ...answer } = outcome.answer;
  const isBad = answer.verdict === "malicious" || answer.verdict === "suspicious";
  return card === undefined || isBad ? outcome : { ...outcome, answer };
}
