/** An instant for people, to the minute: `2026-11-22 14:05 UTC`. `at` is epoch milliseconds. */
export function instantText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
