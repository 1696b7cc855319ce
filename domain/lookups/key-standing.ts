import type { Quota, QuotaReading } from "./quota";

/** A limit that the service does not name is the one that is assumed. */
export type KeyQuota = QuotaReading & { readonly quota: Quota };

/** What a service says about its key. */
export type KeyStanding =
  | { readonly kind: "noKey" }
  | { readonly kind: "known"; readonly reading: KeyQuota }
  /** The key is good, but the service shows the quota to its owner only. */
  | { readonly kind: "hidden" }
  | { readonly kind: "refused"; readonly reason: string };
