// Builds the Bicep files with the pinned compiler and compares infra/azuredeploy.json with the result. Any message of the
// compiler or its linter, and a stale file, is a failure.
//   --write         writes infra/azuredeploy.json instead of comparing it
//   --if-available  ends well, and says so, where no compiler can be had
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// The compiled file names the compiler's version: another version would make it differ.
const version = "0.49.2";
const platforms = { linux: "linux", darwin: "osx", win32: "win" };

const here = dirname(fileURLToPath(import.meta.url));
const compiled = join(here, "azuredeploy.json");

const answers = (command, args) => {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? stdout : undefined;
};

/** The compiler from NuGet, fetched at first use; undefined where there is no .NET SDK or no registry. */
function compilerFromNuGet() {
  const name = `Azure.Bicep.CommandLine.${platforms[process.platform]}-${process.arch}`;
  const folder = join(here, ".bicep");
  const file = process.platform === "win32" ? "bicep.exe" : "bicep";
  const compiler = join(folder, "packages", name.toLowerCase(), version, "tools", file);
  if (!existsSync(compiler)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "bicep.csproj"),
      `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>netstandard2.0</TargetFramework><RestorePackagesPath>packages</RestorePackagesPath></PropertyGroup>
  <ItemGroup><PackageReference Include="${name}" Version="${version}" /></ItemGroup>
</Project>
`,
    );
    answers("dotnet", ["restore", folder]);
  }
  if (!existsSync(compiler)) return undefined;
  chmodSync(compiler, 0o755);
  return compiler;
}

/** One on the path, or the Azure CLI's own; only in the pinned version. */
function installedCompiler() {
  const candidates = ["bicep", join(homedir(), ".azure", "bin", "bicep")];
  return candidates.find((compiler) => answers(compiler, ["--version"])?.includes(` ${version} `));
}

function build(compiler, file) {
  const result = spawnSync(compiler, ["build", join(here, file), "--stdout"], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  process.stderr.write(result.stderr);
  if (result.status !== 0 || result.stderr.trim() !== "")
    fail(`infra/${file} does not build without a message.`);
  return result.stdout;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

const compiler = compilerFromNuGet() ?? installedCompiler();
if (!compiler) {
  const reason = `Bicep ${version} cannot be had here: install the .NET SDK (with NuGet reachable), or bicep ${version} itself (az bicep install --version v${version}).`;
  if (!process.argv.includes("--if-available")) fail(reason);
  console.log(`SKIPPED: infra was not built. ${reason}`);
  process.exit(0);
}

build(compiler, "main.bicep");
const template = build(compiler, "azuredeploy.bicep");
if (process.argv.includes("--write")) writeFileSync(compiled, template);
else if (!existsSync(compiled) || readFileSync(compiled, "utf8") !== template)
  fail("infra/azuredeploy.json is stale: run npm run infra -- --write and commit it.");
console.log(`infra builds without a message (Bicep ${version}), and infra/azuredeploy.json is up to date.`);
