import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isLoopback } from "../../clients/azure-client";
import { createAzureCredential } from "../../clients/azure-credential";
import { packageRoot } from "../../local/host/package-root";
import { runCommandLine } from "../command-line";
import { type MonitorFile, uploadMonitorFiles } from "./upload";

const usage = `Usage: npm run dfm:upload -- --account NAME
       npm run dfm:upload -- --endpoint https://NAME.blob.core.windows.net

Writes the tabs and the function map of Durable Functions Monitor into the
storage account that it reads them from: that of the app.

  --account NAME  name of the storage account
  --endpoint URL  its blob endpoint, for sovereign clouds
  -h, --help      print this

Uses the Azure account that is signed in (az login).`;

runCommandLine({ usage, read: commandFrom });

/** Throws when no storage account is named. */
function commandFrom(args: readonly string[]): () => Promise<number> {
  const options = { account: { type: "string" }, endpoint: { type: "string" } } as const;
  const endpoint = endpointFrom(parseArgs({ args: [...args], options }).values);
  if (endpoint === undefined) throw new Error("Name the storage account with --account or --endpoint.");
  return () => upload(endpoint);
}

async function upload(endpoint: string): Promise<number> {
  const files = ["tab-templates", "function-maps"].flatMap(filesIn);
  await uploadMonitorFiles(endpoint, await tokenFor(endpoint), files);
  console.log(`${endpoint}/durable-functions-monitor\n  ${files.map(({ name }) => name).join("\n  ")}`);
  console.log("Restart Durable Functions Monitor: it reads its templates once.");
  return 0;
}

function endpointFrom({ account, endpoint }: { account?: string; endpoint?: string }): string | undefined {
  if (account !== undefined && /^[a-z0-9]{3,24}$/.test(account))
    return `https://${account}.blob.core.windows.net`;
  if (endpoint === undefined || !URL.canParse(endpoint)) return undefined;
  const isSafe = endpoint.startsWith("https://") || isLoopback(endpoint);
  return isSafe ? endpoint.replace(/\/+$/, "") : undefined;
}

async function tokenFor(endpoint: string): Promise<string | undefined> {
  if (isLoopback(endpoint)) return undefined;
  const token = await createAzureCredential().getToken("https://storage.azure.com/.default");
  return token?.token;
}

function filesIn(folder: string): readonly MonitorFile[] {
  return readdirSync(join(packageRoot, "infra", "monitor", folder)).map((file) => ({
    name: `${folder}/${file}`,
    content: readFileSync(join(packageRoot, "infra", "monitor", folder, file), "utf8"),
  }));
}
