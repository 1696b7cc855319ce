import type { Clock } from "../local/clock";
import type { LogSink } from "../local/host/core-api";

interface Progress {
  /** Prints a line with the minutes and seconds that have passed. */
  say(text: string): void;
  /** Says the app's log lines, from `information` on. */
  readonly log: LogSink;
}

const told: readonly string[] = ["information", "warning", "error", "critical"];

/** Progress of one run, from now on by the clock. */
export function startProgress(clock: Clock): Progress {
  const startedAt = clock.now();
  const say = (text: string) => {
    const seconds = Math.round((clock.now() - startedAt) / 1000);
    const minutes = String(Math.floor(seconds / 60)).padStart(2);
    console.log(`${minutes}:${String(seconds % 60).padStart(2, "0")}  ${text}`);
  };
  return {
    say,
    log: (level, _functionName, _invocationId, text) => {
      if (told.includes(level)) say(text.replaceAll(/\s+/g, " "));
    },
  };
}
