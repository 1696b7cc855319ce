import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

interface Case {
  readonly file: string;
  readonly content: string;
}

const importing = (file: string, source: string): Case => ({
  file,
  content: `import { x } from "${source}";\n\nexport const y = x;\n`,
});

const wrongImports = [
  importing("domain/a.ts", "../clients/http"),
  importing("domain/b.ts", "../orchestrators/names"),
  importing("domain/f.ts", "./comment/view"),
  importing("domain/incident/a.ts", "../indicators/indicator"),
  importing("domain/indicators/a.ts", "../lookups/provider"),
  importing("domain/lookups/a.ts", "../report/report"),
  importing("domain/report/a.ts", "../run/run"),
  importing("domain/run/a.ts", "../comment/view"),
  importing("domain/comment/a.ts", "../../clients/http"),
  importing("domain/comment/c.ts", "../results/rows"),
  importing("domain/results/a.ts", "../comment/view"),
  importing("clients/a.ts", "../activities/index"),
  importing("clients/virustotal/a.ts", "../../templates/render-comment"),
  importing("clients/virustotal/b.ts", "../intezer/client"),
  importing("clients/virustotal/c.ts", "../../config"),
  importing("clients/d.ts", "../config"),
  importing("clients/b.ts", "../local/clock"),
  importing("clients/c.ts", "../commands/progress"),
  importing("templates/a.ts", "../clients/http"),
  importing("activities/a.ts", "../clients/http"),
  importing("activities/b.ts", "../orchestrators/names"),
  importing("orchestrators/a.ts", "../clients/http"),
  importing("orchestrators/b.ts", "../activities/consult"),
  importing("orchestrators/durable/a.ts", "../steps/publish"),
  importing("orchestrators/steps/a.ts", "../enrich-incident"),
  importing("orchestrators/steps/b.ts", "../../clients/http"),
  importing("triggers/a.ts", "../orchestrators/enrich-incident"),
  importing("triggers/b.ts", "../clients/http"),
  importing("index.ts", "./local/clock"),
  importing("config.ts", "./commands/progress"),
  importing("local/a.ts", "../commands/progress"),
  importing("local/durable/a.ts", "../host/http-front"),
  importing("local/durable/b.ts", "../../commands/progress"),
];

const wrongCalls: readonly Case[] = [
  { file: "domain/c.ts", content: "export const at = Date.now();\n" },
  { file: "domain/run/c.ts", content: "export const at = new Date();\n" },
  { file: "orchestrators/c.ts", content: "export const at = Math.random();\n" },
  { file: "orchestrators/steps/c.ts", content: "setTimeout(() => {}, 5);\n" },
  { file: "orchestrators/e.ts", content: "export const at = process.uptime();\n" },
  { file: "triggers/c.ts", content: "export const at = process.env.SETTING;\n" },
];

const allowed: readonly Case[] = [
  {
    file: "orchestrators/f.ts",
    content: 'import type { A } from "../activities/index";\n\nexport type B = A;\n',
  },
  importing("orchestrators/g.ts", "../domain/report/tags"),
  importing("orchestrators/steps/d.ts", "../durable/call"),
  importing("domain/comment/b.ts", "../report/report"),
  importing("domain/incident/b.ts", "../text"),
  { file: "domain/e.ts", content: "export const at = (ms: number) => new Date(ms).toISOString();\n" },
  importing("triggers/d.ts", "../orchestrators/names"),
  importing("clients/virustotal/d.ts", "../http"),
  importing("clients/virustotal/e.ts", "../../domain/attempt"),
  importing("clients/intezer/triage/a.ts", "../../untrusted-text"),
  importing("activities/c.ts", "../templates/render-comment"),
];

/** The files about which the project's lint says something. One process for all: each would load the plugins again. */
function refusedBy(cases: readonly Case[]): ReadonlySet<string> {
  const project = mkdtempSync(join(tmpdir(), "lint-"));
  try {
    for (const path of ["biome.json", ".ci/lint", ".gitignore"])
      cpSync(path, join(project, path), { recursive: true });
    symlinkSync(resolve("node_modules"), join(project, "node_modules"), "junction");
    execFileSync("git", ["init", "-q", project]);
    for (const { file, content } of cases) {
      mkdirSync(join(project, file, ".."), { recursive: true });
      writeFileSync(join(project, file), content);
    }
    const biome = join("node_modules", "@biomejs", "biome", "bin", "biome");
    const { stdout } = spawnSync(
      process.execPath,
      [biome, "lint", "--reporter=json", "--max-diagnostics=none", ...cases.map(({ file }) => file)],
      { cwd: project, encoding: "utf8" },
    );
    const { diagnostics } = JSON.parse(stdout) as {
      readonly diagnostics: readonly { readonly location: { readonly path: string } }[];
    };
    return new Set(diagnostics.map(({ location }) => location.path.replaceAll("\\", "/")));
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

it("The lint holds the directions of imports, the order of chapters and what may read the clock", () => {
  const refused = refusedBy([...wrongImports, ...wrongCalls, ...allowed]);
  expect([...refused].toSorted()).toEqual(
    [...wrongImports, ...wrongCalls].map(({ file }) => file).toSorted(),
  );
});
