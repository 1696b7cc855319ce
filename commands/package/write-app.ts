import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { productionPackages } from "./production-packages";

/** What the platform reads beside the compiled app, and the licence that has to go with it. */
const filesAsTheyAre = ["host.json", "package.json", "LICENSE"];

/** Not needed to run: source maps, sources, type declarations, the compiler's cache. */
const isForDevelopers = (path: string) => /\.(map|[cm]?ts|tsbuildinfo)$/.test(path);

/**
 * Writes the app into a folder, as it is deployed: what `index.ts` needs, newly compiled, with its templates, and the
 * production packages. Replaces the folder.
 */
export function writeApp(sourceFolder: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  compile(sourceFolder, join(folder, "dist"));
  const copy = (path: string, to = path) =>
    cpSync(join(sourceFolder, path), join(folder, to), {
      recursive: true,
      filter: (source) => !isForDevelopers(source),
    });
  copy("templates", "dist/templates");
  for (const file of filesAsTheyAre) copy(file);
  for (const { path } of outermost(productionPackages(sourceFolder))) copy(path);
}

function compile(sourceFolder: string, outDir: string): void {
  const compiler = join(sourceFolder, "node_modules/typescript/bin/tsc");
  const project = join(sourceFolder, "tsconfig.package.json");
  execFileSync(process.execPath, [compiler, "-p", project, "--outDir", outDir], { stdio: "inherit" });
}

/** Packages inside of others come along with these. */
const outermost = <T extends { readonly path: string }>(packages: readonly T[]) =>
  packages.filter(({ path }) => !path.slice("node_modules/".length).includes("/node_modules/"));
