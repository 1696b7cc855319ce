import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { realClock } from "../../../local/clock";
import { type Services, startServices } from "../../../local/simulators/services";
import { runCommand } from "../../support/command";

export let services: Services;
export let folder: string;

/** Starts the simulators for the tests of a file, and a folder for the command's data. */
export function useServices(): void {
  beforeAll(async () => {
    const quota = { perMinute: 1000, perDay: 5000, perMonth: 15_500 };
    services = await startServices({ clock: realClock(), virustotal: { quota } });
    folder = mkdtempSync(join(tmpdir(), "enrich-"));
  });
  afterAll(async () => {
    await services.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}

/** The command with the simulators' settings and what is given. */
export function enrich(args: readonly string[], settings: Readonly<Record<string, string>> = {}, input = "") {
  const { SENTINEL_WORKSPACES, ...known } = services.settings;
  const env = { ...known, VIRUSTOTAL_REQUESTS_PER_MINUTE: "0", ...settings };
  return runCommand("enrich/cli.js", [...args, "--data", folder], { env, input });
}

/** The command on a machine without any setting. */
export const enrichBare = (args: readonly string[], input = "") =>
  runCommand("enrich/cli.js", args, { input });

/** An analysis takes seconds, and here they pass as usual. */
export const noAnalyses = { INTEZER_FILES: "false" };
