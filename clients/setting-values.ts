import { Cron } from "croner";
import { z } from "zod";

/*
 * The kinds of values that a setting may have: each schema reads the setting's text, and its messages complete a
 * sentence that begins with the setting's name.
 */

export const switched = z
  .enum(["true", "false"], { error: "must be true or false" })
  .transform((text) => text === "true");

export const onOrOff = z
  .enum(["on", "off"], { error: "must be on or off" })
  .transform((text) => text === "on");

export const wholeNumber = (least: number, most = Number.POSITIVE_INFINITY) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "must be a whole number")
    .transform(Number)
    .refine((n) => n >= least, `must be at least ${least}`)
    .refine((n) => n <= most, `must be at most ${most}`);

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` });

/** One text that `read` understands; `what` says in the message what it has to be. */
export const named = <T>(read: (text: string) => T | undefined, what: string) =>
  z.string().transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue(`must be ${what}`);
    return z.NEVER;
  });

/** Items separated by commas, each read by itself; a problem says what the item is. */
export const listRead = <T>(read: (item: string) => { readonly entry: T } | { readonly problem: string }) =>
  z.string().transform((text, context) =>
    itemsOf(text).map((item) => {
      const reading = read(item);
      if ("entry" in reading) return reading.entry;
      context.addIssue(`holds ${JSON.stringify(item)}, which is ${reading.problem}`);
      return z.NEVER;
    }),
  );

/** The same with items that are all of one kind, which `what` names. */
export const listOf = <T>(read: (item: string) => T | undefined, what: string) =>
  listRead((item) => {
    const entry = read(item);
    return entry === undefined ? { problem: `not ${what}` } : { entry };
  });

const itemsOf = (text: string) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

/**
 * NCRONTAB, as timer triggers have it: six fields, the first of them seconds, or five without. The parser knows more than
 * Azure does (`L`, `?`, `@daily`), so the characters are checked as well.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export const schedule = z.string().transform((text, context) => {
  const fields = text.trim().split(/\s+/);
  const fits = [5, 6].includes(fields.length) && fields.every((field) => /^[\d*,/-]+$/.test(field));
  if (fits && isCron(fields.join(" "))) return fields.join(" ");
  context.addIssue("must be an NCRONTAB expression such as 0 */15 * * * * (every 15 minutes)");
  return z.NEVER;
});

function isCron(text: string): boolean {
  try {
    return new Cron(text, { paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}

/** Base URL of a service, without a slash at its end. `hosts` says in the message which ones are accepted. */
export const endpoint = (accepts: (url: URL) => boolean = () => true, hosts = "") =>
  z.string().transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const fits =
      url && (isLoopback(url) ? /^https?:$/.test(url.protocol) : url.protocol === "https:" && accepts(url));
    if (fits) return text.replace(/(?<!\/)\/+$/, "");
    context.addIssue(`must be an https:// URL${hosts}; http:// is accepted for loopback hosts only`);
    return z.NEVER;
  });

const isLoopback = (url: URL) => ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
