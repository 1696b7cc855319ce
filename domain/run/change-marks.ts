import type { Attempt } from "../attempt";

/** For each workspace, the change up to which reconciliation has looked at its incidents. */
export interface ChangeMarks {
  /** Epoch milliseconds; `undefined` before the first pass. */
  read(scope: string): Promise<Attempt<number | undefined>>;
  write(scope: string, mark: number): Promise<Attempt<void>>;
}
