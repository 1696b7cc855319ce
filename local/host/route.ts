import type { RegisteredFunction } from "../function-app";

export interface Route {
  readonly fn: RegisteredFunction;
  /** With a leading slash, as registered: `/api/mirror/{a}/{b:int?}`. */
  readonly template: string;
  readonly methods: readonly string[];
  readonly authLevel: string;
  readonly parameters: readonly string[];
  readonly pattern: RegExp;
  /** Sorts before another route's when that route is less specific. */
  readonly precedence: string;
}

interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Route constraints by name; the host knows more of them. */
const constraints: Readonly<Record<string, string>> = { int: "-?\\d+" };

/**
 * The HTTP functions with their routes below the prefix of host.json, the most specific first. Throws for a template
 * that is not supported here.
 */
export function routesFrom(functions: readonly RegisteredFunction[], prefix: string): readonly Route[] {
  return functions
    .filter((fn) => fn.trigger.type === "httpTrigger")
    .map((fn) => routeFrom(fn, prefix))
    .toSorted((a, b) => a.precedence.localeCompare(b.precedence));
}

/** The route for a path as it was sent, still percent-encoded; a path with another method's route only has none. */
export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  for (const route of routes) {
    const values = route.methods.includes(method) ? route.pattern.exec(path)?.slice(1) : undefined;
    if (values) return { route, params: paramsFrom(route.parameters, values) };
  }
  return undefined;
}

function routeFrom(fn: RegisteredFunction, prefix: string): Route {
  const { route = fn.name, methods = ["GET", "POST"], authLevel = "anonymous" } = fn.trigger as HttpTrigger;
  const parts = `${prefix}/${route}`.split("/").filter((part) => part !== "");
  const segments = parts.map((part) => segmentFrom(part, fn.name));
  return {
    fn,
    template: `/${parts.join("/")}`,
    methods: methods.map((method) => method.toUpperCase()),
    authLevel,
    parameters: segments.flatMap((segment) => segment.parameter ?? []),
    pattern: new RegExp(`^${segments.map((segment) => segment.pattern).join("")}/?$`, "i"),
    precedence: segments.map((segment) => segment.rank).join(""),
  };
}

interface HttpTrigger {
  readonly route?: string;
  readonly methods?: readonly string[];
  readonly authLevel?: string;
}

interface Segment {
  readonly pattern: string;
  readonly parameter?: string;
  /** Ranks of ASP.NET Core's `RoutePrecedence`: the lower, the more specific. */
  readonly rank: number;
}

function segmentFrom(part: string, functionName: string): Segment {
  if (!/[{}]/.test(part)) return { pattern: `/${part.replace(/[.*+?^$()|[\]\\]/g, "\\$&")}`, rank: 1 };
  const [, star, parameter = "", constraint, optional] =
    /^\{(\*{0,2})(\w+)(?::(\w+))?(\?)?\}$/.exec(part) ?? [];
  const value = constraint === undefined ? "[^/]+" : constraints[constraint];
  if (parameter === "" || value === undefined)
    throw new Error(
      `Route segment "${part}" of function "${functionName}" is not supported by the local host.`,
    );
  if (star) return { pattern: "(?:/(.*))?", parameter, rank: 5 };
  return {
    pattern: optional ? `(?:/(${value}))?` : `/(${value})`,
    parameter,
    rank: constraint === undefined ? 3 : 2,
  };
}

function paramsFrom(names: readonly string[], values: readonly (string | undefined)[]) {
  const given = names.flatMap((name, index) => {
    const value = values[index];
    return value ? [[name, decoded(value)] as const] : [];
  });
  return Object.fromEntries(given);
}

/** An encoded slash stays encoded, as in Kestrel. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replace(/%(2f)/gi, "%25$1"));
  } catch {
    return value;
  }
}
