import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dependencies, devDependencies, scripts } from "../../package.json";

const folder = join(__dirname, "../../.github/workflows");
const workflows = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(join(folder, name), "utf8"),
}));

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = ""]) => found);

describe.each(workflows)("$name", ({ text }) => {
  it("pins every action by commit, and says which version that is", () => {
    const actions = matches(text, /uses: (.+)$/gm);
    for (const action of actions) expect(action).toMatch(/^[\w-]+(\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("may only read, unless a job says otherwise", () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
  });

  it("runs scripts that package.json has", () => {
    for (const name of matches(text, /npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(name);
  });

  it("puts nothing into a command that an outsider may have chosen", () => {
    const commands = matches(text, /run: (\|\n(?: {10}.*\n)+|.*)/g);
    for (const command of commands) expect(command).not.toContain("${{");
  });
});

it("actions that belong together are pinned to the same commit, in every workflow", () => {
  const pins = workflows.flatMap(({ text }) => matches(text, /uses: (.+@[0-9a-f]{40})/g));
  const repositories = pins.map((pin) => pin.split("/").slice(0, 2).join("/").split("@")[0] ?? "");
  const commits = (repository: string) =>
    new Set(pins.filter((pin) => pin.startsWith(repository)).map((pin) => pin.split("@")[1]));
  for (const repository of new Set(repositories))
    expect([...commits(repository)], repository).toHaveLength(1);
});

describe("CodeQL", () => {
  const { text } = workflows.find(({ name }) => name === "codeql.yml") ?? { text: "" };

  it("looks at the code and at the workflows, at every change and every week", () => {
    expect(text).toContain("language: [javascript-typescript, actions]");
    expect(text).toMatch(/^ {2}push:$/m);
    expect(text).toMatch(/^ {2}pull_request:$/m);
    expect(text).toMatch(/^ {4}- cron: "/m);
  });

  it("may write findings, and nothing else", () => {
    expect(matches(text, /^ +([\w-]+): write$/gm)).toEqual(["security-events"]);
  });
});

describe("Dependabot", () => {
  const text = readFileSync(join(folder, "../dependabot.yml"), "utf8");

  it("proposes newer packages and actions every week", () => {
    expect(matches(text, /package-ecosystem: (.+)$/gm)).toEqual(["npm", "github-actions"]);
    expect(matches(text, /interval: (.+)$/gm)).toEqual(["weekly", "weekly"]);
  });

  it("keeps exact versions, and waits a while before it believes in a new one", () => {
    expect(text).toContain("versioning-strategy: increase");
    expect(matches(text, /default-days: (\d+)$/gm).map(Number)).toEqual([7, 7]);
  });

  it("proposes nothing that the oldest Node of package.json cannot run", () => {
    const names = Object.keys({ ...dependencies, ...devDependencies });
    const ignored = matches(text, /dependency-name: "?([^"\n]+)"?$/gm);
    expect(ignored).toEqual(expect.arrayContaining(["@types/node", "azurite", "durable-functions"]));
    for (const name of ignored) expect(names).toContain(name);
  });
});

it("package.json names exact versions", () => {
  for (const version of Object.values({ ...dependencies, ...devDependencies }))
    expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
});

it("Tests run on Node 20, 22 and 24", () => {
  const { text } = workflows.find(({ name }) => name === "test.yml") ?? { text: "" };
  expect(text).toContain('node: ["20", "22", "24"]');
});
