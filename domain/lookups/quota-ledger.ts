import type { Attempt } from "../attempt";
import type { Quota, QuotaReading, QuotaSetting, Wait } from "./quota";

/** Whose quota it is. */
export interface Account {
  /** Provider id, or another name for what is counted. */
  readonly owner: string;
  /** Identifies the key without revealing it. */
  readonly keyId: string;
}

/** For limits that the settings do not name. */
export interface AutoQuota {
  /** Used for limits that the service has never named. */
  readonly assumed: Quota;
  /** Never throws; a failed reading is empty. */
  read(): Promise<QuotaReading>;
}

export interface SlotRequest {
  readonly account: Account;
  readonly quota: QuotaSetting;
  readonly auto?: AutoQuota;
  /** Number of requests that will be made right away; each needs a slot. */
  readonly wanted: number;
  /** How many of them continue something that has begun, which is possible even if the account is closed. */
  readonly begun: number;
  /** May use the last tenth of the day. */
  readonly urgent: boolean;
}

/** For operators: the state of an account after slots were taken. A limit of 0 means no limit. Days and months are UTC. */
export interface QuotaStanding {
  readonly usedToday: number;
  readonly perDay: number;
  readonly usedThisMonth: number;
  readonly perMonth: number;
}

export interface Slots {
  readonly granted: number;
  /** Requests that the account may make in a minute; 0 means no limit. */
  readonly perMinute: number;
  /** Set when nothing is left after this. */
  readonly wait?: Wait;
  /** Nothing was taken: too many others were taking slots at the same moment. */
  readonly busy?: true;
  /** The service accepts nothing new until then; only continuations are granted. */
  readonly closed?: Wait;
  /** Absent when nothing was counted. */
  readonly standing?: QuotaStanding;
}

/** The quotas of all keys and what services refuse to them, shared by all runs on all instances. */
export interface QuotaLedger {
  /** Takes as many slots as are free, in one write; without limits nothing is written. */
  take(request: SlotRequest): Promise<Attempt<Slots>>;
  /** The service asked for a pause: nothing is granted until then. */
  pause(account: Account, wait: Wait): Promise<void>;
  /** The service accepts nothing new until then. */
  close(account: Account, wait: Wait): Promise<void>;
  /** Returns slots of the day that were not used after all. */
  giveBack(account: Account, slots: number): Promise<void>;
  /** What the service refuses to the key, by names that the provider chooses, each with its expiry in epoch milliseconds. */
  refusals(account: Account): Promise<Readonly<Record<string, number>>>;
  /** Records that the service has refused something to the key; expires at `until`, epoch milliseconds. */
  refuse(account: Account, name: string, until: number): Promise<void>;
}

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
