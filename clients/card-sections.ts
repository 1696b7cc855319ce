import { presentableUrl } from "../domain/indicators/url-privacy";
import type { Card, CardSection } from "../domain/lookups/provider";
import { cut, listed } from "../domain/text";
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
