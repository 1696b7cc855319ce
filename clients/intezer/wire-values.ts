import { z } from "zod";

/** Much longer than any text in use: longer texts are cut before they are parsed. */
const longestText = 20_000;
const longestWord = 100;
/** Maximum length of lists, of which only a few items are shown. */
const mostItems = 1_000;

/** Anything but text counts as absent: no field is guaranteed, and several are null in real answers. */
export const text = z
  .string()
  .transform((value) => value.slice(0, longestText))
  .optional()
  .catch(undefined);
/** A word of an enumeration, with its original case and blanks. */
export const word = z
  .string()
  .transform((value) => value.slice(0, longestWord).trim() || undefined)
  .optional()
  .catch(undefined);

/** An object with any keys. */
export const object = z.record(z.string(), z.unknown());

const decimal = /^\d{1,15}(\.\d{1,15})?$/;
/** A number, or the text of one; anything else counts as absent. */
export const figure = z
  .union([z.number(), z.string().max(31).trim().regex(decimal).transform(Number)])
  .refine((value) => Number.isFinite(value) && value >= 0)
  .optional()
  .catch(undefined);
/** A figure that is a whole number. */
export const count = figure.transform((value) => (Number.isSafeInteger(value) ? value : undefined));

/** The first items; anything but a list counts as an empty list. */
export function list<T extends z.ZodType>(item: T) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((all) => all.slice(0, mostItems))
    .pipe(z.array(item));
}

/** A flag that is set as `true` or as the text "true". */
export const flag = z
  .unknown()
  .optional()
  .transform((value) => value === true || (typeof value === "string" && wordKey(value) === "true"));

/** Lower-case hex with this number of digits. */
export const hash = (digits: number) =>
  z
    .string()
    .max(100)
    .trim()
    .toLowerCase()
    .regex(new RegExp(`^[0-9a-f]{${digits}}$`))
    .optional()
    .catch(undefined);

/** The form in which words are compared: the API writes `no_threats`, its pages and some answers "No Threats". */
export function wordKey(text: string): string {
  return text
    .slice(0, longestWord)
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
}

const longestInstant = 40;
const iso = /^(\d{4})[-:](\d\d)[-:](\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,3})?\d*(Z|[+-]\d\d:?\d\d)?$/;
const rfc1123 = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * Epoch milliseconds of any of the five ways in which Intezer writes an instant: RFC 1123 (`analysis_time`), ISO with
 * an offset (`alert_update_time`), ISO without a zone (inside alerts), with a space and microseconds (domains,
 * certificates), and with colons in the day (`compilation_timestamp`). Without a zone it is UTC. `undefined` when it is
 * none of them.
 */
export function instantFrom(text: string | undefined): number | undefined {
  if (text === undefined || text.length > longestInstant) return undefined;
  const [, year, month, day, time, fraction = "", zone = "Z"] = iso.exec(text) ?? [];
  const parsable = day ? `${year}-${month}-${day}T${time}${fraction}${zone}` : rfc1123.test(text) ? text : "";
  const instant = Date.parse(parsable);
  return Number.isNaN(instant) ? undefined : instant;
}

const longestLink = 200;

/** The link, if it leads to a page of Intezer; `undefined` for anything else. */
export function intezerLink(link: string | undefined): string | undefined {
  if (link === undefined || link.length > longestLink || !URL.canParse(link)) return undefined;
  const url = new URL(link);
  const isIntezers = url.hostname === "intezer.com" || url.hostname.endsWith(".intezer.com");
  const isPlain = url.protocol === "https:" && url.port === "" && url.username === "" && url.password === "";
  return isIntezers && isPlain && url.href.length <= longestLink ? url.href : undefined;
}
