import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../local/host/package-root";
import { scripts } from "../../package.json";
import { runCommand } from "../support/command";

const page = readFileSync(join(packageRoot, "docs/commands.md"), "utf8");

/** Scripts that only call a tool of others, which has its own --help. */
const tools = ["build", "lint", "lint:fix", "test", "test:browser", "test:full"];

/** Scripts of ours, by name, with the compiled file that they run. */
const commands = Object.entries(scripts)
  .filter(([name]) => !tools.includes(name))
  .map(([name, script]) => ({ name, file: / node dist\/commands\/(\S+)$/.exec(script)?.[1] ?? script }));

describe("Every command of package.json", () => {
  it("stands in docs/commands.md, and every one there is in package.json", () => {
    const named = [...page.matchAll(/`npm (?:run )?([a-z][a-z:]*)/g)].map(([, name = ""]) => name);
    const ours = commands.map(({ name }) => name).filter((name) => name !== "record:histories");
    expect(named).toEqual(expect.arrayContaining(ours));
    for (const name of named.filter((each) => !["ci", "install"].includes(each)))
      expect(Object.keys(scripts)).toContain(name);
  });

  describe.each(commands)("npm run $name", ({ file, name }) => {
    it.concurrent.each(["--help", "-h"])(
      "prints its usage in 80 columns for %s, and does nothing",
      async (option) => {
        const { out, error, code } = await runCommand(file, [option], { env: { COLUMNS: "80" } });
        expect([code, error]).toEqual([0, ""]);
        expect(out).toMatch(new RegExp(`^Usage: npm (run )?${name}\\b`));
        expect(out).toMatch(/--help/);
        for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
      },
    );

    it.concurrent("answers a wrong option with those that there are, and does nothing", async () => {
      const { out, error, code } = await runCommand(file, ["--no-such-option"], { env: { COLUMNS: "80" } });
      expect([code, out]).toEqual([2, ""]);
      expect(error).toMatch(/^Unknown option '--no-such-option'\. Options: [^.]*--help\./);
      expect(error).toContain("\n\nUsage: npm ");
      expect(error).not.toContain("To specify a positional argument");
      for (const line of error.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    });
  });
});

it("--help of record:histories leaves the recordings alone", async () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  const recording = join(packageRoot, "test/fixtures/histories", version, "merged.json");
  const before = readFileSync(recording, "utf8");
  await runCommand("record-histories/cli.js", ["--help"]);
  expect(readFileSync(recording, "utf8")).toBe(before);
});

it.each([
  { what: "a port", file: "start/cli.js", args: ["--port", "http"], message: '"http" is not a port: --port' },
  {
    what: "another port",
    file: "start/cli.js",
    args: ["--page-port", "70710"],
    message: "--page-port takes",
  },
  { what: "a number of seeds", file: "chaos.js", args: ["--seeds", "abc"], message: "--seeds takes a whole" },
  { what: "a folder with an app", file: "demo.js", args: ["--app", "/nowhere"], message: "no app in" },
  { what: "no arguments", file: "package/cli.js", args: ["now"], message: "Unexpected argument 'now'." },
  {
    what: "options that go together",
    file: "enrich/cli.js",
    args: ["--missing", "--since", "1h", "--json"],
    message: "--json cannot be used together with the other options.",
  },
])("a command that takes $what says so", async ({ file, args, message }) => {
  const { error, code } = await runCommand(file, args);
  expect(error).toContain(message);
  expect(code).toBe(2);
});
