import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { scripts } from "../../package.json";

/** What no test on another platform shows: how Windows starts programs and names files. */
const files = execFileSync("git", ["ls-files"], { encoding: "utf8" }).trim().split("\n");
const sources = files
  .filter((file) => /\.(ts|mts|mjs|cjs|js)$/.test(file))
  .map((file) => ({ file, text: readFileSync(file, "utf8") }));
const matches = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

it.each(Object.entries(scripts))("npm run %s is written in what every shell understands", (_name, script) => {
  // Quotes, variables and file commands differ between cmd.exe and sh; `&&` does not.
  expect(script).not.toMatch(/['"$`;|<>*%^]|^\w+=|\b(rm|cp|mv|mkdir|cat|export) /);
});

it("no program is started that is a .cmd file on Windows, and none by a Unix shell", () => {
  const started = matches(
    /\b(?:spawn|exec|execFile|fork)(?:Sync)?\(\s*"(?:npm|npx|tsc|biome|vitest|az|sh|bash)\b/,
  );
  // What these do in a shell is left out on Windows.
  expect(started.filter((file) => file !== "test/commands/command-line.slow.test.ts")).toEqual([]);
});

it("no shell joins arguments unquoted: what one is given is a fixed text", () => {
  expect(matches(/shell: (?:true|process)/)).toEqual(["commands/start-func.ts"]);
  expect(readFileSync("commands/start-func.ts", "utf8")).toContain('spawn("func start", [], {');
});

it("no absolute path is imported as if it were a URL", () => {
  expect(matches(/\bimport\((?:join|resolve)\(|new URL\((?:join|resolve|__dirname)/)).toEqual([]);
});

it("every file has a name that Windows can have", () => {
  const reserved = /(^|\/)(con|prn|aux|nul|com\d|lpt\d)(\.|\/|$)/i;
  expect(files.filter((file) => /[:*?"<>|\\]|[ .](\/|$)/.test(file) || reserved.test(file))).toEqual([]);
  expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(files.length);
});
