import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** A compiled ARM template, as far as rules look at it. */
export interface Template {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly parameters: Record<string, Parameter>;
  readonly definitions?: Record<string, { readonly properties: Record<string, Parameter> }>;
  readonly variables?: Record<string, unknown>;
  /** By symbolic name; templates without any have a list. */
  readonly resources: Record<string, Resource>;
  readonly outputs?: Record<string, { type?: string; value?: unknown }>;
}

export interface Parameter {
  type?: string;
  $ref?: string;
  defaultValue?: unknown;
  allowedValues?: unknown[];
  minValue?: number;
  maxValue?: number;
  metadata?: { description?: string };
}

export interface Resource {
  readonly type: string;
  readonly name?: string;
  readonly existing?: boolean;
  readonly scope?: string;
  readonly condition?: string;
  dependsOn?: string[];
  readonly properties?: Record<string, unknown>;
}

/** The value at a path such as `properties.siteConfig.minTlsVersion`; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], value);
}

/** Sets the value at a path whose parent exists. */
export function put(value: unknown, path: string, changed: unknown): void {
  const keys = path.split(".");
  const parent = keys.length > 1 ? at(value, keys.slice(0, -1).join(".")) : value;
  (parent as Record<string, unknown>)[keys.at(-1) ?? ""] = changed;
}

/** The template of a module of the given one. */
export function moduleOf(template: Template, name: string): Template {
  const inner = at(template.resources[name], "properties.template");
  if (inner === undefined) throw new Error(`The template has no module ${name}`);
  return inner as Template;
}

/** The template and those of its modules. */
export function templatesIn(template: Template): Template[] {
  const inner = Object.values(template.resources).flatMap(
    (resource) => (at(resource, "properties.template") as Template) ?? [],
  );
  return [template, ...inner.flatMap(templatesIn)];
}

/** All resources of a type that are deployed, in all modules. */
export function resourcesOf(template: Template, type: string): Resource[] {
  return templatesIn(template)
    .flatMap(({ resources }) => Object.values(resources))
    .filter((resource) => resource.type === type && !resource.existing);
}

/** The only one of its type. */
export function resourceOf(template: Template, type: string, named = ""): Resource {
  const found = resourcesOf(template, type).filter((resource) => String(resource.name).includes(named));
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} resources of ${type} ${named}`);
  return found[0];
}

/** What differs from the wanted values, by path. */
export function unlike(value: unknown, wanted: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(wanted).flatMap(([path, expected]) => {
    const actual = JSON.stringify(at(value, path));
    return actual === JSON.stringify(expected) ? [] : [`${path} is ${actual}`];
  });
}

export interface Rule {
  /** A sentence: what holds. */
  readonly title: string;
  /** What breaks the rule; none when it holds. */
  readonly check: (template: Template) => readonly string[];
  /** Makes a copy of the template break it, each in another way. */
  readonly broken: readonly ((template: Template) => void)[];
}

/** Holds each rule against the compiled template, and shows with broken copies that it can fail. */
export function describeRules(about: string, rules: readonly Rule[]): void {
  const read = (): Template => JSON.parse(readFileSync("infra/azuredeploy.json", "utf8"));
  describe(about, () => {
    describe.each(rules.map((rule) => [rule.title, rule] as const))("%s", (_title, { check, broken }) => {
      it("holds", () => expect(check(read())).toEqual([]));
      it.each(broken.map((spoil, i) => [i + 1, spoil] as const))("is seen to be broken (%i)", (_i, spoil) => {
        const template = read();
        spoil(template);
        expect(check(template)).not.toEqual([]);
      });
    });
  });
}
