import { cut } from "../domain/text";

/**
 * Text that a service or an attacker chose, fit for one line of an answer: control, format and line-breaking
 * characters and broken surrogates become spaces, runs of white space one space, and what is longer than `maxLength` UTF-16 units ends in
 * an ellipsis. `undefined` when it is no text or nothing is left. Encoding for HTML is the printer's business.
 */
export function untrustedText(value: unknown, maxLength: number): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return cut(text, maxLength) || undefined;
}
