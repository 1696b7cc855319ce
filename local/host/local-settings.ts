import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lacksTableStorage, startTableStorage, type TableStorage } from "./azurite";

/** Values of local.settings.json that the environment does not set itself. Throws when the file is not JSON. */
export function localSettings(appFolder: string): Record<string, string> {
  const file = join(appFolder, "local.settings.json");
  if (!existsSync(file)) return {};
  const { Values = {} } = parsed(file) as { Values?: Record<string, string> };
  return Object.fromEntries(Object.entries(Values).filter(([name]) => process.env[name] === undefined));
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} is not JSON.`, { cause: error });
  }
}

/** Starts table storage below a folder, and says so, when the environment and these settings name none that runs. */
export async function ownTableStorage(
  dataFolder: string,
  settings: Readonly<Record<string, string>>,
): Promise<TableStorage | undefined> {
  if (!(await lacksTableStorage({ ...process.env, ...settings }))) return undefined;
  const folder = join(dataFolder, "azurite");
  console.log(`No table storage found; using Azurite in ${folder}`);
  return startTableStorage(folder);
}
