import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scripts } from "../../package.json";

const folder = join(__dirname, "../../.github/workflows");
const workflows = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(join(folder, name), "utf8"),
}));

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = ""]) => found);

describe.each(workflows)("$name", ({ text }) => {
  it("pins every action by commit, and says which version that is", () => {
    const actions = matches(text, /uses: (.+)$/gm);
    for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("may only read, unless a job says otherwise", () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
  });

  it("runs scripts that package.json has", () => {
    for (const name of matches(text, /npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(name);
  });

  it("puts nothing into a command that somebody else may have chosen", () => {
    const commands = matches(text, /run: (\|\n(?: {10}.*\n)+|.*)/g);
    for (const command of commands) expect(command).not.toContain("${{");
  });
});

it("Tests run on Node 20, 22 and 24", () => {
  const { text } = workflows.find(({ name }) => name === "test.yml") ?? { text: "" };
  expect(text).toContain('node: ["20", "22", "24"]');
});
