import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { convert } from "html-to-text";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { realClock } from "../../local/clock";
import { packageRoot } from "../../local/host/package-root";
import type { Simulator } from "../../local/simulators/simulator";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { type Enricher, startEnricher } from "../support/enricher";
import { domain, fileHash } from "../support/entities";

/** A block of the page that says which file it belongs into. */
interface Block {
  readonly language: string;
  readonly file: string;
  readonly text: string;
}

const page = readFileSync(join(packageRoot, "docs/adding-a-provider.md"), "utf8");
const blocks = [...page.matchAll(/^```(\w+) (\S+)\n(.*?)^```$/gms)].map(
  ([, language = "", file = "", text = ""]): Block => ({ language, file, text }),
);
const written = blocks.filter(({ language }) => language === "ts").map(({ file }) => file);

const notCopied = new Set(["node_modules", "dist", "out", "coverage", ".git", "local/.data", "infra/.bicep"]);

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "provider-"));
  const isCopied = (path: string) => !notCopied.has(relative(packageRoot, path).replaceAll(sep, "/"));
  cpSync(packageRoot, copy, { recursive: true, filter: isCopied });
  symlinkSync(join(packageRoot, "node_modules"), join(copy, "node_modules"), "junction");
  for (const block of blocks) follow(block);
  const { status, stdout } = run("typescript/bin/tsc", "-p", "tsconfig.build.json");
  if (status !== 0) throw new Error(stdout);
  cpSync(join(copy, "templates"), join(copy, "dist/templates"), { recursive: true });
}, 300_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function follow({ language, file, text }: Block): void {
  const path = join(copy, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, language === "diff" ? changed(readFileSync(path, "utf8"), text) : text);
}

/** As a patch, but that a line that stays is only named by its beginning. */
function changed(before: string, diff: string): string {
  const lines = before.split("\n");
  let at = 0;
  for (const line of diff.trimEnd().split("\n")) {
    const text = line.slice(1);
    if (line.startsWith("+")) lines.splice(at++, 0, text);
    else {
      const found = lines.findIndex((each, i) => i >= at && each.startsWith(text));
      if (found < 0) throw new Error(`There is no line that begins with ${JSON.stringify(text)}.`);
      if (line.startsWith("-")) lines.splice(found, 1);
      at = line.startsWith("-") ? found : found + 1;
    }
  }
  return lines.join("\n");
}

function run(module: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(copy, "node_modules", module), ...args],
    { cwd: copy, encoding: "utf8" },
  );
  return { status, stdout: stdout + stderr };
}

it("gives files that fit the project's lint, types and conformance suite, and settings that are all named", () => {
  spawnSync("git", ["init", "-q"], { cwd: copy });
  const lint = run("@biomejs/biome/bin/biome", "check", "--error-on-warnings", ...written);
  expect(lint.status, lint.stdout).toBe(0);
  const types = run("typescript/bin/tsc", "--noEmit");
  expect(types.status, types.stdout).toBe(0);
  const tests = run("vitest/vitest.mjs", "run", "test/clients/zipwatch", "test/config.test.ts");
  expect(tests.status, tests.stdout).toBe(0);
}, 300_000);

describe("The app with the new provider", () => {
  const key = "key-of-the-walk";
  let zipWatch: Simulator;
  let app: Enricher;
  beforeAll(async () => {
    const simulator = pathToFileURL(join(copy, "dist/local/simulators/zipwatch.js")).href;
    const { startZipWatchSimulator } = await import(simulator);
    zipWatch = await startZipWatchSimulator({ clock: realClock(), apiKey: key });
    const settings = { ZIPWATCH_API_KEY: key, ZIPWATCH_ENDPOINT: zipWatch.origin };
    app = await startEnricher(settings, { appEntry: join(copy, "dist/index.js") });
  });
  afterAll(async () => {
    await app.stop();
    await zipWatch.close();
  });

  const text = (html: string) =>
    convert(html, { wordwrap: false, selectors: [{ selector: "a", options: { ignoreHref: true } }] });

  it("asks it about its kinds only, shows its answers with links, and counts its verdict", async () => {
    const { comment, output, tags } = await app.enrich({
      entities: [domain("invoice-4711.zip"), fileHash(knownToVirusTotal.cleanFile.sha256)],
    });
    expect(zipWatch.requests.map(({ path }) => path)).toEqual(["/domains/invoice-4711.zip"]);
    expect(text(comment)).toContain(
      "Malicious domain invoice-4711[.]zip: VirusTotal has no record; Zip Watch malicious: named like an archive.",
    );
    expect(comment).toContain(
      '<a href="https://reports.zipwatch.example/invoice-4711.zip" target="_blank">Zip Watch</a>',
    );
    expect(output).toMatchObject({ verdict: "malicious", malicious: 1, clean: 1, notChecked: 0 });
    expect(tags).toEqual(["enriched", "threat-found"]);
  });

  it("does not ask it where the caller takes it out", async () => {
    const { services, origin } = app;
    const before = zipWatch.requests.length;
    const armId = services.sentinel.addIncident({ entities: [domain("other.zip")] });
    await postIncident(origin, services.sentinel.triggerBody(armId), { "x-enricher-without": "zipwatch" });
    const { comment } = await app.ended(armId);
    expect(zipWatch.requests.length).toBe(before);
    expect(text(comment)).toContain(
      "Zip Watch did not look up 1 domain: the automation rule switches this off",
    );
  });
});
