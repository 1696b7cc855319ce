/** What one check has found. */
export interface Line {
  readonly name: string;
  /**
   * `note`: nothing is known to be wrong, but an operator should know or do something. `off`: there is nothing to check,
   * because it is not used.
   */
  readonly state: "ok" | "failed" | "note" | "off";
  /** For people; after a failure also how to fix it. */
  readonly text: string;
}

/** Makes the lines of one check. */
export const linesNamed = (name: string) => ({
  ok: (text: string): Line => ({ name, state: "ok", text }),
  failed: (text: string): Line => ({ name, state: "failed", text }),
  note: (text: string): Line => ({ name, state: "note", text }),
  off: (text: string): Line => ({ name, state: "off", text }),
});

/** `ok      vault         readable` */
export function printLine({ name, state, text }: Line): void {
  console.log(`${state.padEnd(7)} ${name.padEnd(14)} ${text}`);
}
