import { parse as parseCsv } from "csv-parse/sync";
import { parse as parseDomain } from "tldts";
import { addressFrom } from "../../domain/indicators/address";
import { refang } from "../../domain/indicators/defang";
import { domainFrom } from "../../domain/indicators/domain-name";
import { hashFrom } from "../../domain/indicators/hash";
import { urlFrom } from "../../domain/indicators/url";
import { cut } from "../../domain/text";
import type { EntitySeed } from "../../local/simulators/sentinel-incidents";

/** What a text of indicators holds. */
interface IndicatorList {
  readonly entities: readonly EntitySeed[];
  /** Lines that hold none, by their numbers from 1. */
  readonly skipped: readonly { readonly line: number; readonly text: string }[];
}

/** One line, split into its cells. */
interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads indicators from text: one on a line, several on a line, a JSON array of texts, or CSV. Of CSV with a header it
 * takes the column whose name says so, else the one in which most cells are indicators; a row without one in that
 * column gives its first.
 */
export function indicatorListFrom(text: string): IndicatorList {
  const rows = rowsOf(text).map((row) => ({ ...row, entities: row.cells.map(entityFrom) }));
  const header = rows[0] && isHeader(rows[0]) ? rows[0] : undefined;
  const body = header ? rows.slice(1) : rows;
  const column = columnOf(header, body);
  const entities: EntitySeed[] = [];
  const skipped: { line: number; text: string }[] = [];
  for (const { line, cells, entities: read } of body) {
    const found = read.filter((entity) => entity !== undefined);
    // Without a header a line is a list of its own, when all of it can be read.
    const isList = !header && found.length === cells.filter((cell) => cell !== "").length;
    const chosen = isList ? found : [read[column] ?? found[0]].filter((entity) => entity !== undefined);
    entities.push(...chosen);
    if (chosen.length === 0) skipped.push({ line, text: cells.join(", ") });
  }
  return { entities, skipped };
}

interface ReadRow extends Row {
  readonly entities: readonly (EntitySeed | undefined)[];
}

/** Names that the column of indicators has in exports of Sentinel, MISP, OpenCTI, ThreatFox and similar tools. */
const columnName = /^(ioc|indicator|observable)s?([ _]?value)?$|^value$/i;
const otherHeader =
  /^(ips?|ip[ _]?addr(ess)?|address|domain|hostname|host|urls?|hash|md5|sha-?1|sha-?256)([ _]?hash)?$/i;

/** The names of columns, above the first indicator. */
function isHeader({ cells, entities }: ReadRow): boolean {
  if (entities.some((entity) => entity !== undefined)) return false;
  return cells.length > 1 || cells.every((cell) => columnName.test(cell) || otherHeader.test(cell));
}

/** The column that has the right name, else the first of those in which most cells are indicators. */
function columnOf(header: Row | undefined, rows: readonly ReadRow[]): number {
  const named = header?.cells.findIndex((name) => columnName.test(name)) ?? -1;
  if (named >= 0) return named;
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const counts = Array.from(
    { length: width },
    (_, i) => rows.filter(({ entities }) => entities[i] !== undefined).length,
  );
  return counts.indexOf(Math.max(...counts));
}

function rowsOf(text: string): readonly Row[] {
  const items = jsonTexts(text);
  if (items) return items.map((item, i) => ({ line: i + 1, cells: [item] }));
  const lines = text.split(/\r?\n|\r/);
  const delimiter = delimiterOf(lines);
  return delimiter === undefined ? lines.flatMap((line, i) => rowOf(line, i + 1)) : csvRows(text, delimiter);
}

function jsonTexts(text: string): readonly string[] | undefined {
  if (!text.trimStart().startsWith("[")) return undefined;
  try {
    const items: unknown = JSON.parse(text);
    return Array.isArray(items)
      ? items.map((item) => (typeof item === "string" ? item : JSON.stringify(item)))
      : undefined;
  } catch {
    // A defanged address may begin with a bracket.
    return undefined;
  }
}

const isComment = (line: string) => /^\s*(#|\/\/|$)/.test(line);

/**
 * The mark between the cells of at least half of the lines. A URL may hold each of them: below a line that is none, as
 * the names of columns are, all lines count, else only those that are not an indicator as they are.
 */
function delimiterOf(lines: readonly string[]): string | undefined {
  const filled = lines.filter((line) => !isComment(line));
  const unread = filled.filter((line) => !entityFrom(line));
  const counts = ["\t", ";", ","].map((mark) => {
    const rows = unread[0] === filled[0] && unread[0]?.includes(mark) ? filled : unread;
    return { mark, count: rows.filter((line) => line.includes(mark)).length };
  });
  const [best] = counts.toSorted((a, b) => b.count - a.count);
  return best && best.count > 0 && best.count * 2 >= filled.length ? best.mark : undefined;
}

function csvRows(text: string, delimiter: string): readonly Row[] {
  const records = parseCsv(text, {
    delimiter,
    bom: true,
    comment: "#",
    comment_no_infix: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
  }) as unknown as readonly {
    readonly record: readonly string[];
    readonly info: { readonly lines: number };
  }[];
  return records.map(({ record, info }) => ({ line: info.lines, cells: record }));
}

/** A line of a plain list: one indicator, or several with blanks between them. */
function rowOf(line: string, number: number): readonly Row[] {
  if (isComment(line)) return [];
  const text = line.replace(/\s+(#|\/\/).*$/, "").trim();
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  const cells = !entityFrom(text) && words.every((word) => entityFrom(word)) ? words : [text];
  return [{ line: number, cells }];
}

/** The first that can read a text makes the entity of it; whether that is looked up is the app's decision. */
const readers: readonly ((text: string) => EntitySeed | undefined)[] = [
  (text) => {
    // Address and port, as network logs write it.
    const [, host = ""] = /^([^\s/:]+):\d{1,5}$/.exec(text) ?? [];
    return host === "" ? undefined : readFirst(host);
  },
  (text) => {
    const hash = hashFrom(text, "");
    return hash.kind === "hash"
      ? { kind: "FileHash", properties: { hashValue: hash.value, algorithm: hash.algorithm.toUpperCase() } }
      : undefined;
  },
  (text) => (isAddress(text) ? { kind: "Ip", properties: { address: refang(text) } } : undefined),
  (text) =>
    isDomain(text) ? { kind: "DnsResolution", properties: { domainName: refang(text) } } : undefined,
  (text) => (isUrl(text) ? { kind: "Url", properties: { url: text } } : undefined),
];

const readFirst = (text: string) =>
  readers.reduce<EntitySeed | undefined>((entity, read) => entity ?? read(text), undefined);

/** The entity of an indicator; `undefined` when the text is none. Bullets, quotes and a comma around it do not matter. */
export function entityFrom(text: string): EntitySeed | undefined {
  const bare = text
    .replace(/^\uFEFF/, "")
    .trim()
    .replace(/^[-*•]\s+/, "")
    .replace(/^(["'`<])(.*?)["'`>]?[,;]?$/s, "$2")
    .replace(/[,;]$/, "")
    .trim();
  return bare === "" ? undefined : readFirst(bare);
}

function isAddress(text: string): boolean {
  const reading = addressFrom(text);
  return !text.includes("/") && (reading.kind === "lookup" || reading.unreadable === undefined);
}

/** A name below a public suffix, or one that is known to be internal: `report.json` is a file, not a domain. */
function isDomain(text: string): boolean {
  const reading = domainFrom(text);
  if (reading.kind === "leftOut") return /^(internal|reverse-lookup) name$/.test(reading.reason);
  const { isIcann, isPrivate } = parseDomain(reading.value);
  return isIcann === true || isPrivate === true || refang(text) !== text;
}

/** With a scheme, or with a path behind an address or a domain: `n/a`, `2026/11/26` and `10.0.0.0/8` are none. */
function isUrl(text: string): boolean {
  if (/\s/.test(text)) return false;
  if (/^(h(tt|xx|\*\*)ps?|f[tx]ps?)\[?:/i.test(text)) return urlFrom(text).kind === "lookup" || hasHost(text);
  const [, host = "", path = ""] = /^([^/]+)(\/.*)$/.exec(text) ?? [];
  const bareHost = host.replace(/:\d{1,5}$/, "");
  const isRange = isAddress(bareHost) && /^\/\d{1,3}$/.test(path);
  return host !== "" && !isRange && (isAddress(bareHost) || isDomain(bareHost));
}

/** What the app leaves out, and says why: another scheme, a private host. */
function hasHost(text: string): boolean {
  const reading = urlFrom(text);
  return reading.kind === "leftOut" && !/no valid/.test(reading.reason);
}

/** Untrusted text in a message. */
export function shown(text: string): string {
  return JSON.stringify(cut(text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ""), 60));
}
