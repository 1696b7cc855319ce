import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a stand-in prints, by the first words of a command, the longer ones first; "fails" ends with 1. */
export type Answers = Readonly<Record<string, unknown>>;

/** Writes its list of arguments down, one after each U+001F, and answers. */
function standIn(folder: string, program: string, answers: Answers): string {
  const branches = Object.keys(answers)
    .sort((a, b) => b.length - a.length)
    .map((words) => {
      const answer = answers[words] === "fails" ? "exit 1" : `echo '${JSON.stringify(answers[words])}'`;
      return `  '${words}'*) ${answer} ;;`;
    });
  return `#!/bin/sh
{ printf '%s\\037' ${program} "$@"; echo; } >> '${join(folder, "commands")}'
case "${program} $*" in
${branches.join("\n")}
esac
`;
}

/**
 * What cmd.exe makes of the line after /s /c: it takes the outer quotes away and starts the script, whose own program
 * splits the rest at blanks outside quotes. Started by another list of arguments it fails.
 */
const cmdStandIn = `#!${process.execPath}
const { spawnSync } = require("node:child_process");
const [d, s, c, line, ...more] = process.argv.slice(2);
if (d !== "/d" || s !== "/s" || c !== "/c" || more.length > 0 || !/^".*"$/.test(line)) process.exit(9);
const words = line.slice(1, -1).match(/(?:[^ "]|"[^"]*")+/g).map((word) => word.replaceAll('"', ""));
process.exit(spawnSync(words[0], words.slice(1), { stdio: "inherit" }).status);
`;

/** The lists of arguments with which the programs of the folder were started, the program's name first. */
export const commandsRun = (folder: string) =>
  readFileSync(join(folder, "commands"), "utf8")
    .split("\x1f\n")
    .filter(Boolean)
    .map((line) => line.split("\x1f"));

export interface System {
  readonly title: string;
  /** Of the file that the system starts for a program. */
  readonly endings: Readonly<Record<string, string>>;
  /** Of Node, so that it takes itself to be there. */
  readonly arguments: (folder: string) => readonly string[];
  readonly environment: (folder: string) => NodeJS.ProcessEnv;
}

export const posix: System = {
  title: "on Linux and macOS",
  endings: { az: "", azd: "" },
  arguments: () => [],
  environment: () => ({}),
};

export const windows: System = {
  title: "on Windows, where az is az.cmd",
  endings: { az: ".cmd", azd: ".exe" },
  arguments: (folder) => {
    const file = join(folder, "windows.cjs");
    writeFileSync(file, 'Object.defineProperty(process, "platform", { value: "win32" });');
    return ["--require", file];
  },
  environment: (folder) => {
    const ComSpec = join(folder, "cmd.exe");
    writeFileSync(ComSpec, cmdStandIn, { mode: 0o755 });
    return { ComSpec };
  },
};

/** Puts the programs where the system looks for them, and forgets what was run. */
export function installPrograms(
  folder: string,
  system: System,
  programs: readonly string[],
  answers: Answers,
): void {
  writeFileSync(join(folder, "commands"), "");
  for (const program of programs) {
    const file = join(folder, program + system.endings[program]);
    writeFileSync(file, standIn(folder, program, answers), { mode: 0o755 });
  }
}
