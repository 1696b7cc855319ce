import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "lint-"));
  for (const path of ["biome.json", ".ci/lint", ".gitignore"])
    cpSync(path, join(project, path), { recursive: true });
  symlinkSync(resolve("node_modules"), join(project, "node_modules"));
  execFileSync("git", ["init", "-q", project]);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** What the project's lint says of a file with this content. */
function lint(file: string, content: string): string {
  mkdirSync(join(project, file, ".."), { recursive: true });
  writeFileSync(join(project, file), content);
  const biome = join("node_modules", "@biomejs", "biome", "bin", "biome");
  const { stdout, stderr } = spawnSync(process.execPath, [biome, "lint", file], {
    cwd: project,
    encoding: "utf8",
  });
  return stdout + stderr;
}

const importOf = (source: string) => `import { x } from "${source}";\n\nexport const y = x;\n`;

describe("The lint refuses", () => {
  it.each([
    ["domain/a.ts", "../clients/http"],
    ["domain/b.ts", "../orchestrators/names"],
    ["domain/f.ts", "./comment/view"],
    ["domain/incident/a.ts", "../indicators/indicator"],
    ["domain/report/a.ts", "../comment/reasons"],
    ["domain/comment/a.ts", "../../clients/http"],
    ["orchestrators/durable/a.ts", "../steps/publish"],
    ["orchestrators/steps/a.ts", "../enrich-incident"],
    ["orchestrators/steps/b.ts", "../../clients/http"],
    ["clients/a.ts", "../activities/index"],
    ["clients/virustotal/a.ts", "../../templates/render-comment"],
    ["clients/virustotal/b.ts", "../intezer/client"],
    ["clients/virustotal/c.ts", "../../config"],
    ["clients/d.ts", "../config"],
    ["clients/b.ts", "../local/clock"],
    ["clients/c.ts", "../commands/progress"],
    ["templates/a.ts", "../clients/http"],
    ["activities/a.ts", "../clients/http"],
    ["activities/b.ts", "../orchestrators/names"],
    ["orchestrators/a.ts", "../clients/http"],
    ["orchestrators/b.ts", "../activities/consult"],
    ["triggers/a.ts", "../orchestrators/enrich-incident"],
    ["triggers/b.ts", "../clients/http"],
    ["index.ts", "./local/clock"],
    ["index.ts", "./commands/progress"],
    ["local/a.ts", "../commands/progress"],
  ])("that %s imports %s", (file, source) => {
    expect(lint(file, importOf(source))).toMatch(/noRestrictedImports|plugin/);
  });

  it.each([
    ["domain/c.ts", "export const at = Date.now();"],
    ["domain/d.ts", "export const at = new Date();"],
    ["orchestrators/c.ts", "export const at = Math.random();"],
    ["orchestrators/d.ts", "setTimeout(() => {}, 5);"],
    ["orchestrators/e.ts", "export const at = process.uptime();"],
    ["triggers/c.ts", "export const at = process.env.SETTING;"],
  ])("in %s: %s", (file, content) => {
    expect(lint(file, `${content}\n`)).toMatch(/plugin|noRestrictedGlobals|noProcessEnv/);
  });
});

describe("The lint allows", () => {
  it.each([
    ["orchestrators/f.ts", 'import type { A } from "../activities/index";\n\nexport type B = A;\n'],
    ["orchestrators/g.ts", importOf("../domain/report/tags")],
    ["domain/e.ts", "export const at = (ms: number) => new Date(ms).toISOString();\n"],
    ["triggers/d.ts", importOf("../orchestrators/names")],
    ["clients/virustotal/d.ts", importOf("../http")],
    ["clients/virustotal/e.ts", importOf("../../domain/attempt")],
    ["clients/intezer/triage/a.ts", importOf("../../untrusted-text")],
    ["activities/c.ts", importOf("../templates/render-comment")],
  ])("%s", (file, content) => {
    expect(lint(file, content)).not.toMatch(/error|noRestricted|plugin/i);
  });
});
