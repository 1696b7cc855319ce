import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../../local/host/package-root";
import { version } from "../../package.json";
import { runCommandLine } from "../command-line";
import { productionPackages } from "./production-packages";
import { writeApp } from "./write-app";
import { filesIn, type PackedFile, zipOf } from "./zip";

const folder = join(packageRoot, "out/app");
const zipFile = join(packageRoot, `out/sentinel-incident-enricher-${version}.zip`);

const usage = `Usage: npm run package

Writes the deployable zip to out/: the compiled app, its templates and its
production packages. Replaces an earlier package.

  -h, --help  print this`;

runCommandLine({ usage, read: commandFrom });

function commandFrom(args: readonly string[]): () => Promise<number> {
  parseArgs({ args: [...args] });
  return writePackage;
}

/** Writes the deployable zip, and prints what is in it. */
async function writePackage(): Promise<number> {
  writeApp(packageRoot, folder);
  const files = filesIn(folder);
  const zip = zipOf(folder, files);
  writeFileSync(zipFile, zip);

  const versions = new Map(productionPackages(packageRoot).map((each) => [each.path, each.version]));
  for (const [part, partFiles] of partsOf(files)) {
    const name = [part, versions.get(part)].filter(Boolean).join(" ");
    console.log(`${name.padEnd(56)} ${String(partFiles.length).padStart(5)} files ${sizeOf(partFiles)}`);
  }
  console.log(`\nUnpacked: ${relative(packageRoot, folder)}, ${files.length} files, ${sizeOf(files).trim()}`);
  console.log(`Zip: ${relative(packageRoot, zipFile)}, ${sizeOf([{ bytes: zip.length }]).trim()}`);
  return 0;
}

/** Files by what they belong to: each package, each folder of the app, the files beside them. */
function partsOf(files: readonly PackedFile[]): ReadonlyMap<string, readonly PackedFile[]> {
  const parts = new Map<string, PackedFile[]>();
  for (const file of files) {
    const part =
      /^(node_modules\/(@[^/]+\/)?[^/]+|dist\/[^/]+(?=\/)|[^/]+)/.exec(file.path)?.[0] ?? file.path;
    parts.set(part, [...(parts.get(part) ?? []), file]);
  }
  return parts;
}

function sizeOf(files: readonly { readonly bytes: number }[]): string {
  const kilobytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
  return kilobytes < 1000
    ? `${kilobytes.toFixed(1).padStart(8)} kB`
    : `${(kilobytes / 1000).toFixed(1).padStart(8)} MB`;
}
