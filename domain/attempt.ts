import { defined } from "./json";

/**
 * One try at something that may have to be retried later. Nothing is thrown: the orchestrator does the waiting.
 * Reasons are for people.
 */
export type Attempt<T> =
  | { readonly kind: "done"; readonly value: T }
  /** Not now: the service throttles, is unreachable, or has a fault. */
  | {
      readonly kind: "again";
      readonly reason: string;
      readonly afterSeconds?: number;
      /** The service asks for fewer requests, so other requests have to wait as well. */
      readonly isThrottled?: true;
    }
  /** Never: a permission is missing, the resource is gone, or the request is wrong. The reason says what to do. */
  | {
      readonly kind: "refused";
      readonly reason: string;
      /** Set where the cause affects more than this one request; as in `NotChecked`. */
      readonly cause?: "key" | "quota" | "right";
    };

/** It worked. */
export function done<T>(value: T): Attempt<T> {
  return { kind: "done", value };
}

/** Not now. `afterSeconds` is the wait that the service asks for, if any. */
export function again(reason: string, afterSeconds?: number): Attempt<never> {
  return { kind: "again", reason, ...defined({ afterSeconds }) };
}

/** Not now, and no other request to the service either. */
export function throttled(reason: string, afterSeconds?: number): Attempt<never> {
  return { kind: "again", reason, ...defined({ afterSeconds }), isThrottled: true };
}

/** Never: the reason says what an operator can do. */
export function refused(reason: string, cause?: "key" | "quota" | "right"): Attempt<never> {
  return { kind: "refused", reason, ...defined({ cause }) };
}

/** A secret that is read at its first use, cached for an hour, and read again when a service has rejected it. */
export interface Secret {
  /** For messages: where an operator sets it, as the name of the setting and of the secret in the vault. */
  readonly setting: string;
  /** `undefined` when it is not set anywhere; `again` when the vault does not answer. `refresh` skips the cache. */
  read(options?: { readonly refresh: boolean }): Promise<Attempt<string | undefined>>;
}
