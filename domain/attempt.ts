import { defined } from "./json";

/**
 * One try at something that may have to be tried again later. Nothing here is thrown: waiting is the
 * orchestrator's business, and a reason is for people.
 */
export type Attempt<T> =
  | { readonly kind: "done"; readonly value: T }
  /** Not now: throttled, unreachable, or a fault of the service. */
  | {
      readonly kind: "again";
      readonly reason: string;
      readonly afterSeconds?: number;
      /** The service asks for fewer requests: it concerns all of them. */
      readonly isThrottled?: true;
    }
  /** Never: a right is missing, the thing is gone, the request is wrong. The reason says what to do. */
  | {
      readonly kind: "refused";
      readonly reason: string;
      /** What stood in the way where it concerns more than this one thing; as in `NotChecked`. */
      readonly cause?: "key" | "quota" | "right";
    };

/** It worked. */
export function done<T>(value: T): Attempt<T> {
  return { kind: "done", value };
}

/** Not now: `afterSeconds` is what the service asks for, absent when it asks for nothing. */
export function again(reason: string, afterSeconds?: number): Attempt<never> {
  return { kind: "again", reason, ...defined({ afterSeconds }) };
}

/** Not now, and nothing else of the service either. */
export function throttled(reason: string, afterSeconds?: number): Attempt<never> {
  return { kind: "again", reason, ...defined({ afterSeconds }), isThrottled: true };
}

/** Never: the reason says what an operator can do. */
export function refused(reason: string, cause?: "key" | "quota" | "right"): Attempt<never> {
  return { kind: "refused", reason, ...defined({ cause }) };
}

/** A secret that is read at first use, kept for an hour, and read again when a service has rejected it. */
export interface Secret {
  /** Where an operator sets it, for messages: setting and name in the vault. */
  readonly setting: string;
  /** `undefined` when it is set nowhere; `again` when the vault does not answer. `refresh` skips the cached value. */
  read(options?: { readonly refresh: boolean }): Promise<Attempt<string | undefined>>;
}
