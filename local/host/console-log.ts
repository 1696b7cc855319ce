import type { LogSink } from "./core-api";

const hidden: readonly string[] = ["trace", "debug", "none"];

/** Prints the app's log lines as Core Tools does, from `information` on; warnings and errors say what they are. */
export const printLog: LogSink = (level, functionName, _invocationId, text) => {
  if (hidden.includes(level)) return;
  const label = level === "information" ? "" : `${level}: `;
  const source = functionName === "" ? "" : `${functionName}: `;
  console.log(`[${new Date().toISOString()}] ${label}${source}${text}`);
};
