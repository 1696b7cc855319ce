import type { Attempt } from "./attempt";

/** A secret that is read at first use, kept for an hour, and read again when somebody found it wrong. */
export interface Secret {
  /** Where an operator sets it, for messages: setting and name in the vault. */
  readonly setting: string;
  /** `undefined` when it is set nowhere; `again` when the vault does not answer. `afresh` passes the kept value by. */
  read(options?: { readonly afresh: boolean }): Promise<Attempt<string | undefined>>;
}
