import { cut, sentence } from "../domain/text";
import { dayText } from "../domain/time";

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

/** "3.1 MB", "201 kB", "512 bytes". */
export function sizeText(bytes: number | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  if (bytes < 1_000) return `${bytes} bytes`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1]}`;
}
