import type { Wait } from "./quota";
import type { Account, QuotaLedger } from "./quota-ledger";

/** Grants permission to start analyses that cost something, before each of them. */
export interface AnalysisBudget {
  take(): Promise<
    | { readonly kind: "granted" }
    | { readonly kind: "denied"; readonly wait: Wait }
    | { readonly kind: "fault"; readonly reason: string }
  >;
  /** The analysis was not started after all. */
  giveBack(): Promise<void>;
}

/** A budget of this many analyses per UTC day, over all keys. */
export function createAnalysisBudget(ledger: QuotaLedger, owner: string, perDay: number): AnalysisBudget {
  const account: Account = { owner, keyId: "analyses" };
  const quota = { perMinute: 0, perDay, perMonth: 0 };
  return {
    async take() {
      const slots = await ledger.take({ account, quota, wanted: 1, begun: 0, urgent: true });
      if (slots.kind !== "done") return { kind: "fault", reason: slots.reason };
      const { granted, wait, busy } = slots.value;
      if (busy && wait) return { kind: "fault", reason: wait.reason };
      return granted === 0 && wait ? { kind: "denied", wait } : { kind: "granted" };
    },
    giveBack: () => ledger.giveBack(account, 1),
  };
}
