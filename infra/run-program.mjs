// Starts a program so that each argument arrives as one argument, on every kind of system and without a shell of ours.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { delimiter, join } from "node:path";

const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The file that Windows would start for a name: programs before scripts, in the order of the folders in PATH. */
function fileOnWindows(name) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = folders.flatMap((folder) =>
    [".exe", ".cmd", ".bat"].map((ending) => join(folder, name + ending)),
  );
  return candidates.find(isFile);
}

/**
 * What to start for a program, as the first arguments of `execFileSync`. Only cmd.exe can run a script such as az.cmd, and
 * Node refuses to start one by itself (CVE-2024-27980); cmd.exe gets one line in which every part is quoted. Throws for an
 * argument that cmd.exe would change even so.
 */
function startOf(name, args) {
  if (process.platform !== "win32") return [name, args, {}];
  const file = fileOnWindows(name) ?? name;
  if (!/\.(cmd|bat)$/i.test(file)) return [file, args, {}];
  const parts = [file, ...args];
  const unsafe = parts.find((part) => /["%!\r\n]/.test(part));
  if (unsafe !== undefined) throw new Error(`${name} cannot be given the argument ${unsafe}.`);
  const line = parts.map((part) => `"${part}"`).join(" ");
  return [
    process.env.ComSpec ?? "cmd.exe",
    ["/d", "/s", "/c", `"${line}"`],
    { windowsVerbatimArguments: true },
  ];
}

/** What the program prints; its errors go to ours. Throws when it ends with another status than 0 or is not there. */
export function runProgram(name, args) {
  const [file, given, options] = startOf(name, args);
  return execFileSync(file, given, {
    ...options,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  }).trim();
}
