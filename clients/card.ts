import { presentableUrl } from "../domain/indicators/url-privacy";
import type { Card, CardSection } from "../domain/lookups/provider";
import { cut, listed, sentence } from "../domain/text";
import { dayText, instantText } from "../domain/time";
import { untrustedText } from "./untrusted-text";

const maxSectionsBytes = 3 * 1024;
const maxBriefBytes = 1000;

/** A row of a card; without a value if the report does not have the fact. */
export type Row = readonly [label: string, value: string | number | undefined];

export function section(title: string, rows: readonly Row[]): CardSection {
  return {
    title,
    rows: rows.flatMap(([label, value]) =>
      value === undefined || value === "" ? [] : [[label, String(value)] as const],
    ),
  };
}

/**
 * A card of the sections that are not empty, and of the lines that summarise them. The last ones are dropped if either is
 * too large for a card.
 */
export function cardOf(sections: readonly CardSection[], lines: readonly string[] = []): Card | undefined {
  const kept = fitting(
    sections.filter(({ rows }) => rows.length > 0),
    maxSectionsBytes,
  );
  const brief = fitting(lines, maxBriefBytes);
  if (kept.length === 0) return undefined;
  return { ...(brief.length > 0 ? { brief } : {}), sections: kept };
}

function fitting<T>(items: readonly T[], maxBytes: number): readonly T[] {
  const fits = Buffer.byteLength(JSON.stringify(items)) <= maxBytes;
  return fits ? items : fitting(items.slice(0, -1), maxBytes);
}

/** The first distinct untrusted texts in one line, the rest counted. */
export function texts(all: readonly unknown[], most: number, maxLength: number): string | undefined {
  const distinct = new Set(all.flatMap((each) => untrustedText(each, maxLength) ?? []));
  return listed([...distinct], most) || undefined;
}

const longestUrl = 4_000;
const mostHops = 5;

/** An untrusted address without what is private to a person, cut to so many UTF-16 units. */
export function urlText(url: unknown, maxLength: number): string | undefined {
  const text = untrustedText(url, longestUrl);
  return text && cut(presentableUrl(text), maxLength);
}

/** A chain of untrusted URLs, each of which redirects to the next. */
export function redirectsText(chain: readonly (string | undefined)[]): string | undefined {
  const shown = chain.slice(0, mostHops).flatMap((url) => urlText(url, 120) ?? []);
  const more = chain.length - mostHops;
  return shown.join(" → ") + (more > 0 ? ` and ${more} more` : "") || undefined;
}

/** The items sorted by their levels, in the given order of levels; unknown levels come last. */
export function worstFirst<T>(
  items: readonly T[] = [],
  levels: readonly string[],
  levelOf: (item: T) => string | undefined,
): readonly T[] {
  const rank = (item: T) => (levels.indexOf(levelOf(item) ?? "") + levels.length + 1) % (levels.length + 1);
  return items.toSorted((a, b) => rank(a) - rank(b));
}

const maxLineLength = 450;

/** The facts as one line of sentences; empty if there are none. */
export function line(facts: readonly (string | undefined)[]): readonly string[] {
  const sentences = facts.flatMap((fact) => (fact ? [sentence(fact)] : []));
  return sentences.length > 0 ? [cut(sentences.join(" "), maxLineLength)] : [];
}

/** "1 high, 2 medium": the counts that are not zero; `undefined` if all are. */
export function countsText(
  counts: readonly (readonly [count: number | "unreadable" | undefined, noun: string])[],
): string | undefined {
  const known = counts.flatMap(([count, noun]) =>
    typeof count === "number" && count > 0 ? [`${count} ${noun}`] : [],
  );
  return known.join(", ") || undefined;
}

/** "Votes: 2 malicious" of "Votes" and "2 malicious". */
export function labelled(label: string, text: string | number | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : `${label} ${text}`;
}

/** "First seen 2026-11-17" of "First seen" and Unix seconds. */
export function dated(label: string, seconds: number | undefined): string | undefined {
  return labelled(label, seconds === undefined ? undefined : dayText(seconds * 1000));
}

/** "2026-11-17 08:30 UTC" of Unix seconds. */
export function instant(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : instantText(seconds * 1000);
}

/** "3.1 MB", "201 kB", "512 bytes". */
export function sizeText(bytes: number | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  if (bytes < 1_000) return `${bytes} bytes`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1]}`;
}
