import type { Attempt } from "../attempt";

/** Up to which change the incidents of a workspace have been looked at. */
export interface ChangeMarks {
  /** Epoch milliseconds; `undefined` before the first pass. */
  read(scope: string): Promise<Attempt<number | undefined>>;
  write(scope: string, mark: number): Promise<Attempt<void>>;
}
