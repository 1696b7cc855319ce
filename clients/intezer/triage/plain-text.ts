import { untrustedText } from "../../untrusted-text";

const longestMarkup = 20_000;
const entities: Readonly<Record<string, string>> = { amp: "&", quot: '"', "#39": "'", apos: "'", nbsp: " " };

const inlineTag = /<\/?(?:a|b|code|em|font|i|span|strong|u)\b[^<>]*>/gi;

/**
 * The text of a note that may contain markup, as one line. Tags are removed, also unfinished ones, and so are scripts and
 * styles; of the character references only those that cannot create a tag are resolved. The result still needs encoding.
 */
export function plainText(markup: string | undefined, maxLength: number): string | undefined {
  const text = (markup ?? "")
    .slice(0, longestMarkup)
    .replace(/<(script|style)\b[^<>]*>[^<]*<\/\1\s*>/gi, " ")
    .replace(inlineTag, "")
    .replace(/<[/!?a-z][^<>]*>/gi, " ")
    .replace(/(?<!<)<+(?=[/!?a-z])/gi, " ")
    .replace(/&(amp|quot|#39|apos|nbsp);/g, (reference, name: string) => entities[name] ?? reference);
  return untrustedText(text, maxLength);
}
