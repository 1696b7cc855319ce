/** What one check has found. */
export interface Line {
  readonly name: string;
  /** `off`: nothing to check, because it is not used. */
  readonly state: "ok" | "failed" | "off";
  /** For people; of what failed also the role or the setting to fix. */
  readonly text: string;
}

/** `ok      vault         holds …` */
export function printLine({ name, state, text }: Line): void {
  console.log(`${state.padEnd(7)} ${name.padEnd(13)} ${text}`);
}
