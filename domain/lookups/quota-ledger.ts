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
  /** Goes for what the service has never said. */
  readonly assumed: Quota;
  /** Never throws; a reading that fails says nothing. */
  read(): Promise<QuotaReading>;
}

export interface SlotRequest {
  readonly account: Account;
  readonly quota: QuotaSetting;
  readonly auto?: AutoQuota;
  /** Requests that will be made right away: a slot belongs to one attempt. */
  readonly wanted: number;
  /** How many of them continue something already begun, which a closed account still serves. */
  readonly begun: number;
  /** May use the last tenth of the day. */
  readonly urgent: boolean;
}

/** Where an account stands after slots were taken, for operators; a limit of 0 means none. Days and months are UTC. */
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
  /** Nothing was asked of the account yet: too many others were taking at the same moment. */
  readonly busy?: true;
  /** The service serves nothing new until then; only what has begun is granted. */
  readonly closed?: Wait;
  /** Absent when nothing was counted. */
  readonly standing?: QuotaStanding;
}

/** The quotas of all keys and what they are refused, shared by all runs on all instances. */
export interface QuotaLedger {
  /** Takes as many slots as are free, in one write; nothing is written where nothing is counted. */
  take(request: SlotRequest): Promise<Attempt<Slots>>;
  /** The service asked all callers to pause: nothing is granted until then. */
  pause(account: Account, wait: Wait): Promise<void>;
  /** The service serves nothing new until then. */
  close(account: Account, wait: Wait): Promise<void>;
  /** Returns slots of the day that were not used after all. */
  giveBack(account: Account, slots: number): Promise<void>;
  /** What the service refuses to the key, by names of the provider's own, and until when it counts, epoch milliseconds. */
  refusals(account: Account): Promise<Readonly<Record<string, number>>>;
  /** The service has refused it to the key; it counts until then, epoch milliseconds. */
  refuse(account: Account, name: string, until: number): Promise<void>;
}

/** Permission to start analyses that cost something, asked for before each. */
export interface AnalysisBudget {
  take(): Promise<
    | { readonly kind: "granted" }
    | { readonly kind: "denied"; readonly wait: Wait }
    | { readonly kind: "fault"; readonly reason: string }
  >;
  /** Nothing was started after all. */
  giveBack(): Promise<void>;
}

/** So many analyses a UTC day, over all keys. */
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
