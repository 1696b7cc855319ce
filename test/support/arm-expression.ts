import { runInNewContext } from "node:vm";

const functions = {
  _if: (condition: boolean, yes: unknown, no: unknown) => (condition ? yes : no),
  concat: (...arrays: unknown[][]) => arrays.flat(),
  createArray: (...values: unknown[]) => values,
  createObject: (...parts: unknown[]) =>
    Object.fromEntries(parts.flatMap((name, i) => (i % 2 === 0 ? [[name, parts[i + 1]]] : []))),
  empty: (value: string | readonly unknown[]) => value.length === 0,
  equals: (a: unknown, b: unknown) => a === b,
  filter: (values: unknown[], matches: (value: unknown) => boolean) => values.filter(matches),
  join: (values: unknown[], separator: string) => values.join(separator),
  map: (values: unknown[], change: (value: unknown) => unknown) => values.map(change),
  not: (value: boolean) => !value,
  split: (text: string, separator: string) => text.split(separator),
  take: (values: unknown[], count: number) => values.slice(0, count),
  toLower: (text: string) => text.toLowerCase(),
  trim: (text: string) => text.trim(),
  union: (...arrays: unknown[][]) => [...new Set(arrays.flat())],
};

/** The value of an ARM template expression. Knows the functions that the tests need; lambdas may have one variable. */
export function valueOfExpression(
  expression: string,
  parameters: Readonly<Record<string, unknown>>,
  variables: Readonly<Record<string, unknown>> = {},
): unknown {
  const script = expression
    .replace(/^\[(.*)\]$/s, "$1")
    .replaceAll(/\bif\(/g, "_if(")
    .replaceAll(/lambda\('(\w+)', /g, "((_$1) => ")
    .replaceAll(/lambdaVariables\('(\w+)'\)/g, "_$1");
  const value: unknown = runInNewContext(script, {
    ...functions,
    parameters: (name: string) => parameters[name],
    variables: (name: string) => variables[name],
  });
  return JSON.parse(JSON.stringify(value));
}
