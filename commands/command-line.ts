/** What the arguments ask for. Resolves with the exit code; with none for what stays until it is ended. */
type Run = () => Promise<number | undefined>;

interface CommandLine {
  /** The synopsis, an empty line, and the rest. */
  readonly usage: string;
  /** Reads the arguments. Throws an error that says which of them, or which setting, is wrong. */
  readonly read: (args: readonly string[]) => Run | Promise<Run>;
  /** Exit code when the run throws; default 1. */
  readonly failed?: number;
}

const wrongUsage = 2;

/** Does what the process's arguments ask for, and ends it with an exit code: 2 for wrong usage. Never throws. */
export async function runCommandLine({ usage, read, failed = 1 }: CommandLine): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help")) return console.log(usage);
  let run: Run;
  try {
    run = await read(args);
  } catch (error) {
    const [synopsis] = usage.split("\n\n");
    console.error(`${messageOf(error)}\n\n${synopsis}\n\n--help tells more.`);
    process.exit(wrongUsage);
  }
  try {
    const code = await run();
    if (code !== undefined) process.exit(code);
  } catch (error) {
    console.error(messageOf(error));
    process.exit(failed);
  }
}

/** Ends the process at once with the error's message. */
export function endWith(error: Error): never {
  console.error(error.message);
  process.exit(1);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
