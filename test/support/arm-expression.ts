import { runInNewContext } from "node:vm";

const functions = {
  _if: (condition: boolean, yes: unknown, no: unknown) => (condition ? yes : no),
  concat: (...arrays: unknown[][]) => arrays.flat(),
  createArray: (...values: unknown[]) => values,
  createObject: (...parts: unknown[]) =>
    Object.fromEntries(parts.flatMap((name, i) => (i % 2 === 0 ? [[name, parts[i + 1]]] : []))),
  equals: (a: unknown, b: unknown) => a === b,
  empty: (value: string | readonly unknown[]) => value.length === 0,
  filter: (values: unknown[], matches: (value: unknown) => boolean) => values.filter(matches),
  format: (text: string, ...values: unknown[]) =>
    text.replaceAll(/\{\{|\}\}|\{(\d+)\}/g, (found, index) =>
      index === undefined ? found.slice(1) : String(values[Number(index)]),
    ),
  items: (object: object) => Object.entries(object).map(([key, value]) => ({ key, value })),
  join: (values: unknown[], separator: string) => values.join(separator),
  last: (values: unknown[]) => values.at(-1),
  length: (value: string | readonly unknown[]) => value.length,
  map: (values: unknown[], change: (value: unknown) => unknown) => values.map(change),
  not: (value: boolean) => !value,
  reduce: (values: unknown[], first: unknown, add: (sum: unknown, value: unknown) => unknown) =>
    values.reduce(add, first),
  replace: (text: string, old: string, put: string) => text.split(old).join(put),
  skip: (value: string | unknown[], count: number) => value.slice(count),
  split: (text: string, separator: string) => text.split(separator),
  string: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
  sub: (a: number, b: number) => a - b,
  take: (value: string | unknown[], count: number) => value.slice(0, count),
  toLower: (text: string) => text.toLowerCase(),
  trim: (text: string) => text.trim(),
  union: (...arrays: unknown[][]) => [...new Set(arrays.flat())],
};

/** Variables and functions of a template that an expression may use. */
interface Around {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly functions?: readonly { readonly members: Readonly<Record<string, TemplateFunction>> }[];
}

interface TemplateFunction {
  readonly parameters: readonly { readonly name: string }[];
  readonly output: { readonly value: unknown };
}

type Parameters = Readonly<Record<string, unknown>>;

/** The value of an ARM template expression. Knows the functions that the tests need; lambdas may have two variables. */
export function valueOfExpression(expression: string, parameters: Parameters, around: Around = {}): unknown {
  const script = expression
    .replace(/^\[(.*)\]$/s, "$1")
    .replaceAll(/\bif\(/g, "_if(")
    .replaceAll(/lambda\('(\w+)', (?:'(\w+)', )?/g, (_, first, second) =>
      second === undefined ? `((_${first}) => ` : `((_${first}, _${second}) => `,
    )
    .replaceAll(/lambdaVariables\('(\w+)'\)/g, "_$1");
  const value: unknown = runInNewContext(script, {
    ...functions,
    parameters: (name: string) => parameters[name],
    variables: (name: string) => evaluated(around.variables?.[name], parameters, around),
    __bicep: ownFunctions(around),
  });
  return JSON.parse(JSON.stringify(value));
}

/** A value of a template, with the values of all expressions in it. */
function evaluated(value: unknown, parameters: Parameters, around: Around): unknown {
  if (typeof value === "string")
    return value.startsWith("[") ? valueOfExpression(value, parameters, around) : value;
  if (Array.isArray(value)) return value.map((each) => evaluated(each, parameters, around));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, evaluated(inner, parameters, around)]);
  return Object.fromEntries(entries);
}

/** Those of the template itself; they see their parameters only. */
function ownFunctions({ functions: namespaces = [] }: Around): Record<string, unknown> {
  const members = namespaces.flatMap((namespace) => Object.entries(namespace.members));
  return Object.fromEntries(
    members.map(([name, { parameters, output }]) => [
      name,
      (...values: unknown[]) =>
        evaluated(output.value, Object.fromEntries(parameters.map((each, i) => [each.name, values[i]])), {}),
    ]),
  );
}
