type Comparison = (a: string, b: string) => boolean;

const comparisons: Readonly<Record<string, Comparison>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
};

/**
 * Whether a row passes a filter of Azure Table Storage: comparisons of properties with text, joined by `and`. Throws for
 * any other filter, so that no missing row is taken for an answer.
 */
export function matches(entity: Readonly<Record<string, unknown>>, filter: string): boolean {
  if (filter === "") return true;
  return filter.split(/ and /).every((term) => {
    const [, name = "", operator = "", text = ""] =
      /^\(?(\w+) (\w\w) '((?:[^']|'')*)'\)?$/.exec(term.trim()) ?? [];
    const compare = comparisons[operator];
    if (!compare) throw new Error(`The simulator does not know this filter: ${filter}`);
    const value = entity[name];
    return typeof value === "string" && compare(value, text.replaceAll("''", "'"));
  });
}
