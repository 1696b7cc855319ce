/** A file that Durable Functions Monitor reads, by its name in the container. */
export interface MonitorFile {
  /** `tab-templates/Verdict.enrichIncident.liquid` */
  readonly name: string;
  readonly content: string;
}

/** Where Durable Functions Monitor looks, in the account of its own AzureWebJobsStorage (its `Globals.cs`). */
const container = "durable-functions-monitor";

/** Azure Blob Storage REST API; the version is the first that takes Entra tokens on every operation used here. */
const versionHeaders = { "x-ms-version": "2021-12-02" };

const advice: Readonly<Record<number, string>> = {
  401: "sign in with az login, to the tenant of the storage account",
  403: "you need the role Storage Blob Data Contributor on the storage account, and a way through its firewall",
  404: "there is no such storage account",
};

/**
 * Writes files into the monitor's container, which is made when it is not there; files of the same name are
 * replaced. `token` is an Entra token for Azure Storage; absent: none is sent. Throws with what to do.
 */
export async function uploadMonitorFiles(
  endpoint: string,
  token: string | undefined,
  files: readonly MonitorFile[],
): Promise<void> {
  const headers = { ...versionHeaders, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  const containerUrl = `${endpoint}/${container}`;
  await put(`${containerUrl}?restype=container`, headers, "", [201, 409]);
  for (const { name, content } of files) {
    const blobUrl = `${containerUrl}/${name.split("/").map(encodeURIComponent).join("/")}`;
    await put(blobUrl, { ...headers, "x-ms-blob-type": "BlockBlob" }, content, [201]);
  }
}

async function put(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  expected: readonly number[],
): Promise<void> {
  const { status } = await fetch(url, { method: "PUT", headers, body });
  if (expected.includes(status)) return;
  const what = advice[status] ?? "try again later";
  throw new Error(`Storage answered HTTP ${status} to ${new URL(url).pathname}: ${what}.`);
}
