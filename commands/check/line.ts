import type { ServiceCheck } from "../../clients/provider-description";

/** What one check has found. */
export interface Line extends ServiceCheck {
  readonly name: string;
}

/** `ok      vault         holds …` */
export function printLine({ name, state, text }: Line): void {
  console.log(`${state.padEnd(7)} ${name.padEnd(13)} ${text}`);
}
