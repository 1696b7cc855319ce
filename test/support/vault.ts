import type { Attempt, Secret } from "../../domain/attempt";

/** A vault whose key a test replaces; the secret is kept between reads, as the app keeps it. */
export interface Vault {
  readonly secret: Secret;
  /** Sets what the vault holds, and what was read of it before. */
  holds(key: string | undefined): void;
  /** Sets only what was read before: the vault has been given another key since. */
  keeps(key: string): void;
  answers(attempt: Attempt<string | undefined>): void;
  refreshes(): number;
}

export function createVault(setting: string, key: string): Vault {
  let held: Attempt<string | undefined> = { kind: "done", value: key };
  let kept: Attempt<string | undefined> = held;
  let refreshes = 0;
  return {
    secret: {
      setting,
      async read(options) {
        if (options?.refresh) {
          refreshes++;
          kept = held;
        }
        return kept;
      },
    },
    holds(value) {
      this.answers({ kind: "done", value });
    },
    keeps(value) {
      kept = { kind: "done", value };
    },
    answers(attempt) {
      held = attempt;
      kept = attempt;
    },
    refreshes: () => refreshes,
  };
}
