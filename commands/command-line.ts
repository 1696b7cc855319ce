import { parseArgs } from "node:util";

/** What the arguments ask for. Resolves with the exit code, or `undefined` for a command that keeps running. */
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
  // What reads the output may have had enough of it (`| head`).
  process.stdout.on("error", () => process.exit());
  if (args.includes("--help") || args.includes("-h")) return console.log(usage);
  let run: Run;
  try {
    run = await read(args);
  } catch (error) {
    const [synopsis] = usage.split("\n\n");
    console.error(`${withoutAdvice(messageOf(error))}\n\n${synopsis}\n\nRun with --help for more.`);
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

/** Node explains how to pass an argument that looks like an option: nobody means that. */
const withoutAdvice = (message: string) =>
  message.split(". To specify a positional argument", 1)[0] ?? message;

/** For `read` of a command that takes no arguments. Throws when there are some. */
export function noArguments(args: readonly string[]): undefined {
  parseArgs({ args: [...args], options: {} });
}

/** Throws when a text is not a port number. */
export function portFrom(text: string, option: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new Error(`"${text}" is not a port: ${option} wants a number from 0 to 65535.`);
  return Number(text);
}

/** Calls `stop` when the process is to end (Ctrl+C, or a signal), and then ends it. */
export function endBySignal(stop: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      stop().then(
        () => process.exit(0),
        (error: unknown) => endWith(error as Error),
      );
    });
}

/** Ends the process at once with the error's message. */
export function endWith(error: Error): never {
  console.error(error.message);
  process.exit(1);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
