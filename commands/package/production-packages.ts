import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A package that the app needs at run time, as it is installed. */
interface ProductionPackage {
  /** Below the app's folder, with slashes: `node_modules/axios`, `node_modules/a/node_modules/b`. */
  readonly path: string;
  readonly version: string;
}

interface LockedPackage {
  readonly version: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/**
 * The packages that `npm ci --omit=dev` would install, by the lock file. Throws when one of them is missing, or is
 * installed in another version than the lock file says: what is shipped is what was tested.
 */
export function productionPackages(appFolder: string): readonly ProductionPackage[] {
  const lock = jsonIn(appFolder, "package-lock.json") as { packages: Record<string, LockedPackage> };
  return Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== "" && dev !== true)
    .filter(([path, { optional }]) => optional !== true || existsSync(join(appFolder, path)))
    .map(([path, { version }]) => {
      const installed = installedVersion(appFolder, path);
      if (installed === version) return { path, version };
      throw new Error(
        `${path} is ${installed ?? "not installed"}, package-lock.json says ${version}: run npm ci.`,
      );
    });
}

function installedVersion(appFolder: string, path: string): string | undefined {
  if (!existsSync(join(appFolder, path, "package.json"))) return undefined;
  return (jsonIn(appFolder, join(path, "package.json")) as { version: string }).version;
}

const jsonIn = (folder: string, file: string): unknown =>
  JSON.parse(readFileSync(join(folder, file), "utf8"));
