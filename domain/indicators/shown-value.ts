import type { Indicator } from "./indicator";
import { presentableUrl } from "./url-privacy";

/** The value as it may be written down for people: of a private URL without what is private. */
export function shownValueOf({
  kind,
  value,
  byFingerprint,
}: Pick<Indicator, "kind" | "value" | "byFingerprint">): string {
  return kind === "url" && byFingerprint ? presentableUrl(value) : value;
}
