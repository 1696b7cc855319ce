import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scripts } from "../../package.json";

const root = join(__dirname, "../..");
const settingsOf = (name: string) => JSON.parse(readFileSync(join(root, ".vscode", name), "utf8"));

interface Launch {
  readonly name: string;
  readonly request: string;
  readonly program?: string;
  readonly preLaunchTask?: string;
}
interface Task {
  readonly label: string;
  readonly script: string;
}
const launches: readonly Launch[] = settingsOf("launch.json").configurations;
const tasks: readonly Task[] = settingsOf("tasks.json").tasks;

/** The source of a program in dist. */
const sourceOf = (program: string) =>
  program.replace(/^\$\{workspaceFolder\}\//, "").replace(/^dist\/(.+)\.js$/, "$1.ts");

describe("Visual Studio Code", () => {
  it.each(launches.filter(({ program }) => program))("starts what is there: $name", ({ program = "" }) => {
    expect(existsSync(join(root, sourceOf(program))), program).toBe(true);
  });

  it("builds before it starts what is built", () => {
    const labels = tasks.map(({ label }) => label);
    for (const { program, preLaunchTask, name } of launches)
      if (program?.includes("/dist/")) expect(labels, name).toContain(preLaunchTask);
  });

  it("debugs the tests of a file, and an app in Core Tools", () => {
    expect(launches.map(({ request }) => request)).toContain("attach");
    expect(launches.some(({ program }) => program?.endsWith("vitest.mjs"))).toBe(true);
  });

  it("runs scripts that package.json has", () => {
    for (const { script } of tasks) expect(Object.keys(scripts)).toContain(script);
    for (const { name } of launches)
      for (const [, script = ""] of name.matchAll(/npm (?:run )?([\w:]+)/g))
        expect(Object.keys(scripts)).toContain(script);
  });

  it("recommends what the settings need", () => {
    const { recommendations } = settingsOf("extensions.json");
    expect(recommendations).toContain(settingsOf("settings.json")["editor.defaultFormatter"]);
  });
});

it("editors indent as Biome does", () => {
  const editor = readFileSync(join(root, ".editorconfig"), "utf8");
  const { formatter } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  expect(editor).toContain(`indent_style = ${formatter.indentStyle}`);
  expect(editor).toContain(`max_line_length = ${formatter.lineWidth}`);
});
