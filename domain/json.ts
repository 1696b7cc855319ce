/** What a text from elsewhere holds; `undefined` when it is no JSON, or no text. */
export function jsonFrom(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
