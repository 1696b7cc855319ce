import type { Clock } from "../local/clock";
import type { LogSink } from "../local/host/core-api";
import { createNarrator, type NarratorOptions } from "./narrator";
import { columnsOf, withoutControls, wrap } from "./terminal";

interface Progress {
  /** Prints a sentence with the minutes and seconds that have passed. */
  say(text: string): void;
  /** Takes the app's log lines, and says what they mean to a person watching a run. */
  readonly log: LogSink;
}

interface ProgressOptions extends NarratorOptions {
  /** The app's log itself, from `information` on. */
  readonly verbose?: boolean;
  /** Where it is written; default the standard output. */
  readonly stream?: NodeJS.WriteStream;
}

const loggedLevels: readonly string[] = ["information", "warning", "error", "critical"];

/** Progress of one run, from now on by the clock. */
export function startProgress(clock: Clock, options: ProgressOptions = {}): Progress {
  const { verbose = false, stream = process.stdout } = options;
  const startedAt = clock.now();
  const narrate = createNarrator(options);
  const say = (text: string) => {
    const seconds = Math.round((clock.now() - startedAt) / 1000);
    const minutes = String(Math.floor(seconds / 60)).padStart(2);
    const time = `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
    stream.write(`${wrap(`${time}  ${withoutControls(text)}`, columnsOf(stream))}\n`);
  };
  return {
    say,
    log: (level, _functionName, _invocationId, text) => {
      if (!loggedLevels.includes(level)) return;
      const line = text.replaceAll(/\s+/g, " ");
      const sentence = verbose ? line : narrate(level, line);
      if (sentence !== undefined) say(sentence);
    },
  };
}
