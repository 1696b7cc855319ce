/**
 * A list of texts as a KQL literal, `dynamic(["…"])`: the only way in which a value from outside gets into a query, since
 * queries have no parameters. The content is JSON, with every character except plain letters, digits and harmless marks
 * escaped.
 * https://learn.microsoft.com/kusto/query/scalar-data-types/dynamic
 */
export function dynamicLiteral(values: readonly string[]): string {
  return `dynamic([${values.map(quoted).join(",")}])`;
}

function quoted(value: string): string {
  const escaped = value.replace(/[^A-Za-z0-9 ._:/-]/g, (unit) => `\\u${hexOf(unit)}`);
  return `"${escaped}"`;
}

const hexOf = (unit: string) => unit.charCodeAt(0).toString(16).padStart(4, "0");
