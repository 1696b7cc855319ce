import type { Attempt } from "../domain/attempt";
import { columnsOf, wrap } from "./terminal";

/** What the arguments ask for. Resolves with the exit code, or with undefined for a server that keeps running. */
type Run = () => Promise<number | undefined>;

interface CommandLine {
  /** The ways to call it, an empty line, and everything else; it names every option. At most 80 columns. */
  readonly usage: string;
  /** Reads the arguments. Throws an error that says which of them is wrong. */
  readonly read: (args: readonly string[]) => Run | Promise<Run>;
  /** Exit code when the run throws; default 1. */
  readonly failed?: number;
}

const wrongUsage = 2;

/** Ends a run with an exit code of its own. */
export class CommandError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Does what the process's arguments ask for, and ends it with an exit code: 2 for wrong usage. `--help` and `-h` print
 * the usage and do nothing else. Never throws.
 */
export async function runCommandLine({ usage, read, failed = 1 }: CommandLine): Promise<void> {
  outliveReaders();
  endWithNpm();
  const args = process.argv.slice(2);
  if (asksForHelp(args)) {
    console.log(wrap(usage));
    return;
  }
  let run: Run;
  try {
    run = await read(args);
  } catch (error) {
    const [synopsis = ""] = usage.split("\n\n");
    const parts = [usageMessage(error, usage), synopsis, "Run it with --help for more."];
    console.error(wrap(parts.join("\n\n"), columnsOf(process.stderr)));
    return exit(wrongUsage);
  }
  try {
    const code = await run();
    if (code !== undefined) await exit(code);
  } catch (error) {
    console.error(wrap(messageOf(error), columnsOf(process.stderr)));
    await exit(error instanceof CommandError ? error.exitCode : failed);
  }
}

/** Everything after `--` is an argument, even if it looks like an option. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const options = end === -1 ? args : args.slice(0, end);
  return options.includes("--help") || options.includes("-h");
}

/** An error of `parseArgs` without its advice on positional arguments, and with the options that there are. */
function usageMessage(error: unknown, usage: string): string {
  const message = messageOf(error);
  const { code = "" } = error as NodeJS.ErrnoException;
  if (!code.startsWith("ERR_PARSE_ARGS")) return message;
  const [sentence = message] = message.split(/\. |\.?\n/);
  const options = [...new Set([...(usage.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []), "--help"])];
  if (!code.endsWith("UNKNOWN_OPTION")) return `${sentence}.`;
  const [, option = ""] = /'(-[^']*)'/.exec(sentence) ?? [];
  if (options.includes(option)) return `${option} cannot be used together with the other options.`;
  return `${sentence}. Options: ${options.join(", ")}.`;
}

/** Once everything is written: on some systems pipes are written later. */
async function exit(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<unknown>((written) => stream.write("", written));
  process.exit(code);
}

/** A reader of the output may stop early, as `head` does: the command continues without it. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
}

/** npm passes a signal on to its shell only, which ends without passing it on to this process. */
function endWithNpm(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  setInterval(() => {
    if (process.ppid !== shell) process.kill(process.pid, "SIGTERM");
  }, 250).unref();
}

/**
 * Keeps a server running until a signal ends it, or until its output has no reader left. It is stopped once; a second
 * signal does not wait for that.
 */
export function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  let isImpatient = false;
  const end = () => {
    if (isImpatient) process.exit(1);
    if (isStopping) return;
    isStopping = true;
    // The same Ctrl+C comes twice: from the terminal, and from npm.
    setTimeout(() => {
      isImpatient = true;
    }, 1_000).unref();
    stop().then(() => process.exit(0), endWith);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  process.stdout.once("error", end);
}

/** Ends the process at once with the error's message. */
export function endWith(error: Error): never {
  console.error(error.message);
  process.exit(1);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What has to succeed. Throws the reason when it has not; `subject` says what it is about. */
export function doneOrThrow<T>(attempt: Attempt<T>, subject?: string): T {
  if (attempt.kind === "done") return attempt.value;
  throw new Error(subject === undefined ? attempt.reason : `${subject}: ${attempt.reason}`);
}

/** The number that an option gives for a port. Throws when it is none. */
export function portFrom(option: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error(`"${text}" is not a port: ${option} takes a number from 0 to 65535.`);
}
