/**
 * One try at something that may have to be tried again later. Nothing here is thrown: waiting is the
 * orchestrator's business, and a reason is for people.
 */
export type Attempt<T> =
  | { readonly kind: "done"; readonly value: T }
  /** Not now: throttled, unreachable, or a fault of the service. */
  | { readonly kind: "again"; readonly reason: string; readonly afterSeconds?: number }
  /** Never: a right is missing, the thing is gone, the request is wrong. The reason says what to do. */
  | {
      readonly kind: "refused";
      readonly reason: string;
      /** What stood in the way where it concerns more than this one thing; as in `NotChecked`. */
      readonly cause?: "key" | "quota" | "right";
    };
