import { type Attempt, done } from "../domain/attempt";
import { defined } from "../domain/json";
import {
  type AnyProvider,
  type Consultation,
  fault,
  final,
  overQuota,
  pausesIn,
} from "../domain/lookups/provider";
import { longest, type Wait } from "../domain/lookups/quota";
import type { Account, QuotaLedger, QuotaStanding, SlotRequest, Slots } from "../domain/lookups/quota-ledger";

/** Wait after a failure on our side of a lookup. */
export const faultSeconds = 5;

/** Which lookups the quota currently allows. */
interface Grant {
  /** One per lookup: `undefined` if it may be made, otherwise its result. */
  readonly refusals: readonly (Consultation | undefined)[];
  /** Set if all lookups of the provider have to wait because its quota is spent. */
  readonly wait?: Wait;
  /** The account whose quota it is; absent without a key, and so without a quota. */
  readonly account?: Account;
  readonly standing?: QuotaStanding;
}

/**
 * Takes slots of the provider's quota for lookups that are made right away, in their order. Without an answer from the
 * ledger no lookup may be made.
 */
export async function takeSlotsFor(
  provider: AnyProvider,
  ledger: QuotaLedger,
  lookups: readonly { readonly continuation?: string }[],
  { urgent, now }: { readonly urgent: boolean; readonly now: () => number },
): Promise<Grant> {
  const all = (refusal: Consultation | undefined): Grant => ({ refusals: lookups.map(() => refusal) });
  if (lookups.length === 0) return all(undefined);
  const begun = lookups.filter(isBegun);
  const taken = await takeSlots(provider, ledger, { wanted: lookups.length, begun: begun.length, urgent });
  if (taken.kind === "again") return all(fault(taken.reason, faultSeconds));
  if (taken.kind === "refused") return all(notChecked("key", { reason: taken.reason }));
  // Without a key there is no request, and the provider itself says so.
  if (taken.value === undefined) return all(undefined);

  const { account, granted, closed, wait, standing } = taken.value;
  const granteds = new Set((closed ? begun : lookups).slice(0, granted));
  const refusal = closed ? notChecked("quota", closed) : wait && paused(wait, now());
  const refusals = lookups.map((lookup) => (granteds.has(lookup) ? undefined : refusal));
  return { refusals, account, ...defined({ wait, standing }) };
}

const isBegun = ({ continuation }: { readonly continuation?: string }) => continuation !== undefined;

/** Takes slots for the provider's current key; `undefined` if it has none. */
export async function takeSlots(
  provider: AnyProvider,
  ledger: QuotaLedger,
  request: Pick<SlotRequest, "wanted" | "begun" | "urgent">,
): Promise<Attempt<(Slots & { readonly account: Account }) | undefined>> {
  const { id: owner, quota, auto, keyId = keyless } = provider;
  const key = await keyId();
  if (key.kind !== "done" || key.value === undefined) return key as Attempt<undefined>;
  const account = { owner, keyId: key.value };
  const slots = await ledger.take({ account, quota, ...defined({ auto }), ...request });
  return slots.kind === "done" ? done({ ...slots.value, account }) : slots;
}

const keyless = async () => done("none");

function paused({ freeAt, reason }: Wait, now: number): Consultation {
  return overQuota(reason, Math.max(0, freeAt - now) / 1000);
}

function notChecked(
  cause: "key" | "quota",
  { reason, freeAt }: Partial<Wait> & { reason: string },
): Consultation {
  return final({ kind: "notChecked", cause, reason, ...defined({ possibleAt: freeAt }) });
}

/** Records, for all runs, what the service's answers say about the account's quota. */
export async function recordAnswers(
  ledger: QuotaLedger,
  account: Account,
  consultations: readonly Consultation[],
  now: number,
): Promise<void> {
  const pause = longest(pausesIn(consultations, now));
  const closure = longest(closuresIn(consultations));
  if (pause) await ledger.pause(account, pause);
  if (closure) await ledger.close(account, closure);
}

/** Until when an account accepts nothing new, according to the answers. */
function closuresIn(consultations: readonly Consultation[]): readonly Wait[] {
  return consultations.flatMap((each) => {
    if (each.kind !== "final" || each.outcome.kind !== "notChecked" || each.outcome.cause !== "quota")
      return [];
    const { possibleAt, reason } = each.outcome;
    return possibleAt === undefined ? [] : [{ freeAt: possibleAt, reason }];
  });
}
