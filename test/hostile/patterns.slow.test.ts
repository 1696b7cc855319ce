import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Node, parse } from "acorn";
import { expect, test } from "vitest";
import { slowTime } from "../support/least-time";
import { hostileLength, repeated } from "./worst-texts";

const pilotLength = 2_000;

interface Pattern {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

interface RegExpNode extends Node {
  readonly regex?: { readonly pattern: string; readonly flags: string };
  readonly callee?: { readonly name?: string };
}

/** Of the compiled app: every regular expression of what reads untrusted text, so that a new one is not forgotten. */
function patternsOf(file: string): { readonly patterns: readonly Pattern[]; readonly built: number } {
  const patterns: Pattern[] = [];
  let built = 0;
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { regex, type, callee } = value as RegExpNode;
    if (regex) patterns.push({ file, source: regex.pattern, flags: regex.flags });
    if (type === "NewExpression" && callee?.name === "RegExp") built++;
    for (const child of Object.values(value)) visit(child);
  };
  visit(parse(readFileSync(file, "utf8"), { ecmaVersion: "latest", sourceType: "commonjs" }));
  return { patterns, built };
}

/** They read settings, which only the operator writes. */
const settings = [join("dist", "clients", "setting-values.js")];

const files = ["domain", "templates", "clients"].flatMap((folder) =>
  readdirSync(join("dist", folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .map((file) => join("dist", folder, file))
    .filter((file) => !settings.includes(file)),
);
const found = files.map((file) => ({ file, ...patternsOf(file) }));
const patterns = [
  ...new Map(
    found.flatMap((each) => each.patterns).map((each) => [`/${each.source}/${each.flags}`, each]),
  ).values(),
];

test("the patterns are found", () => {
  expect(patterns.length).toBeGreaterThan(50);
  expect(patterns.map(({ source }) => source)).toContain(
    "[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\uFFFC]",
  );
});

test("patterns are literals, which can be found; those that are put together have a test of what uses them", () => {
  expect(found.filter(({ built }) => built > 0).map(({ file, built }) => `${file}: ${built}`)).toEqual([
    "dist/clients/intezer/wire-values.js: 1",
    "dist/clients/sentinel/arm-id.js: 2",
  ]);
});

const representatives: Readonly<Record<string, string>> = {
  w: "a",
  d: "1",
  s: " ",
  S: "a",
  W: "-",
  D: "a",
  b: "",
  B: "",
};

/** Characters that a pattern speaks of, and words in it, as they could stand in a text. */
function unitsOf(source: string): readonly string[] {
  const plain = source
    .replace(/\\p\{[^}]*\}/giu, "é")
    .replace(/\\u\{?[\da-f]{4,5}\}?/gi, (code) =>
      String.fromCodePoint(Number.parseInt(code.replace(/\D*?u\{?/, ""), 16)),
    )
    .replace(/\\x[\da-f]{2}/gi, "\u0001")
    .replace(/\\([wdsSWDbB])/g, (_, letter: string) => representatives[letter] ?? "")
    .replace(/\\r|\\n|\\t/g, "\n")
    .replace(/\\(.)/g, "$1")
    .replace(/\(\?<?[:=!]?|\{\d+,?\d*\}/g, "");
  const characters = [...new Set([...plain])].slice(0, 30);
  const words = plain.match(/[a-zé\d:/@.%&#=-]{2,}/gi) ?? [];
  const pairs = characters.slice(0, 16).flatMap((a) => characters.slice(0, 8).map((b) => a + b));
  return [...new Set([...characters, ...words.slice(0, 20), ...pairs, "a", "1", " ", "é", "-", "a.", "a "])];
}

/** Looks at a whole text as the app does: for one match, or for all. */
function search({ source, flags }: Pattern, text: string): void {
  const pattern = new RegExp(source, flags);
  if (pattern.global) text.replace(pattern, "");
  else pattern.test(text);
}

/** The unit of which a text of some thousand characters takes longest. */
function worstUnit(pattern: Pattern): string {
  const ends = ["", "\u0001"];
  const prefixes = ["", pattern.source.match(/^\^?([\w:/]+)/)?.[1] ?? ""];
  let worst = { text: "", ms: -1 };
  for (const unit of unitsOf(pattern.source)) {
    for (const end of ends) {
      for (const prefix of new Set(prefixes)) {
        const text = `${prefix}${repeated(unit, pilotLength)}${end}`;
        const before = process.cpuUsage();
        search(pattern, text);
        const { user, system } = process.cpuUsage(before);
        if (user + system > worst.ms)
          worst = { text: `${prefix}\u0000${unit}\u0000${end}`, ms: user + system };
      }
    }
  }
  return worst.text;
}

/** How long a search takes that takes too long, in a text of the length that is worst for the pattern. */
function slowSearch(pattern: Pattern, length: number): string | undefined {
  const [prefix = "", unit = "", ...end] = worstUnit(pattern).split("\u0000");
  const text = `${prefix}${repeated(unit, length)}${end.join("\u0000")}`;
  return slowTime(() => search(pattern, text));
}

test.each(patterns)("/$source/$flags looks at every place of a text once", (pattern) => {
  expect(slowSearch(pattern, hostileLength)).toBeUndefined();
});

test.each([/eyJ[\w-]{8,}\.[\w-]+\./, /<+(?=[/!?a-z])/g, /\s*\n\s*/g, /[\w.]+@\w+/])(
  "the worst text of %s, which looks again and again, is found",
  ({ source, flags }) => {
    expect(slowSearch({ file: "", source, flags }, hostileLength / 2)).toMatch(/^\d+ ms$/);
  },
);
