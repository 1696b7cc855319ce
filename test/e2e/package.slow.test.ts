import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeApp } from "../../commands/package/write-app";
import { filesIn, zipOf } from "../../commands/package/zip";
import { packageRoot } from "../../local/host/package-root";

let folder = "";
let app = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "package-"));
  const written = join(folder, "written");
  writeApp(packageRoot, written);
  const zip = zipOf(written, filesIn(written));
  app = join(folder, "unpacked");
  for (const [path, bytes] of Object.entries(unzipSync(zip))) {
    mkdirSync(dirname(join(app, path)), { recursive: true });
    writeFileSync(join(app, path), bytes);
  }
});

afterAll(() => rmSync(folder, { recursive: true }), 60_000);

const paths = () => filesIn(app).map(({ path }) => path);
const manifest = () => JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));

describe("the deployable package", () => {
  it("holds the compiled app with its templates, the production packages, and nothing else", () => {
    const [ours, theirs] = [
      paths().filter((path) => !path.startsWith("node_modules/")),
      paths().filter((path) => path.startsWith("node_modules/")),
    ];
    expect(
      new Set(
        ours.map((path) =>
          path
            .split("/")
            .slice(0, path.startsWith("dist/") ? 2 : 1)
            .join("/"),
        ),
      ),
    ).toEqual(
      new Set([
        "LICENSE",
        "host.json",
        "package.json",
        "dist/index.js",
        "dist/config.js",
        "dist/package.json",
        ...["activities", "clients", "domain", "orchestrators", "templates", "triggers"].map(
          (f) => `dist/${f}`,
        ),
      ]),
    );
    expect(ours).toContain("dist/templates/comment.eta");
    for (const name of Object.keys(manifest().dependencies))
      expect(theirs).toContain(`node_modules/${name}/package.json`);
    for (const name of Object.keys(manifest().devDependencies))
      expect(theirs).not.toContain(`node_modules/${name}/package.json`);
  });

  it("holds no source map, no TypeScript, and no settings", () => {
    expect(
      paths().filter((path) =>
        /\.map$|\.[cm]?ts$|\.tsbuildinfo$|settings\.json/.test(path.split("/").at(-1) ?? ""),
      ),
    ).toEqual([]);
  });

  it("enriches the incident of the demo", async () => {
    const demo = join(packageRoot, "dist/commands/demo.js");
    const { stdout } = await promisify(execFile)(process.execPath, [demo, "--app", app]);
    expect(stdout).toContain("Threat found");
    expect(stdout).toMatch(/Tags: .*enriched/);
  });
});
