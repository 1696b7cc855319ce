export const hourMs = 60 * 60 * 1000;
export const dayMs = 24 * hourMs;

/** The range of instants that `Date` can hold (ECMA-262, time values). */
const maxInstant = 8.64e15;

/** An instant for people, to the minute: `2026-11-22 14:05 UTC`. `at` is epoch milliseconds. */
export function instantText(at: number): string {
  if (!(Math.abs(at) <= maxInstant)) return "unknown time";
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** The day of an instant, for people: `2026-11-22`. `at` is epoch milliseconds. */
export function dayText(at: number): string {
  return instantText(at).replace(/ \d.*$/, "");
}

/** A span of time for people: "40 s", "4 min 12 s", "1 h 3 min". */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long ago that was: "12 days old", "3 years old". */
export function ageText(since: number, now: number): string {
  const days = Math.floor((now - since) / dayMs);
  if (days < 0) return "in the future";
  if (days < 100) return days === 1 ? "1 day old" : `${days} days old`;
  if (days < 730) return `${Math.floor(days / 30.44)} months old`;
  return `${Math.floor(days / 365.25)} years old`;
}
