import type { Quota, QuotaReading } from "./quota";

/** A limit that the service does not name has its assumed value. */
export type KeyQuota = QuotaReading & { readonly quota: Quota };

/** What a service says about its key. */
export type KeyStanding =
  | { readonly kind: "noKey" }
  | { readonly kind: "known"; readonly reading: KeyQuota }
  /** The key is valid, but the service shows its quota only to its owner. */
  | { readonly kind: "hidden" }
  | { readonly kind: "refused"; readonly reason: string };
