import { expect, it } from "vitest";
import { readConfig } from "../config";
import { workspaceId } from "./support/requests";

const least = {
  AzureWebJobsStorage: "UseDevelopmentStorage=true",
  SENTINEL_WORKSPACES: workspaceId,
  VIRUSTOTAL_API_KEY: "a-key",
};

it.each<[string, Record<string, string>, object, string | undefined]>([
  [
    "a connection string",
    { AzureWebJobsStorage: "UseDevelopmentStorage=true" },
    { kind: "connectionString", value: "UseDevelopmentStorage=true" },
    undefined,
  ],
  [
    "an account's name",
    { AzureWebJobsStorage__accountName: "acme", AzureWebJobsStorage__clientId: "an-id" },
    { kind: "identity", endpoint: "https://acme.table.core.windows.net" },
    "an-id",
  ],
  [
    "the address of its tables",
    { AzureWebJobsStorage__tableServiceUri: "https://acme.table.core.usgovcloudapi.net/" },
    { kind: "identity", endpoint: "https://acme.table.core.usgovcloudapi.net" },
    undefined,
  ],
])("finds the tables by %s", (_case, given, storage, storageIdentity) => {
  const { AzureWebJobsStorage: _, ...rest } = least;
  expect(readConfig({ ...rest, ...given })).toMatchObject({ storage, storageIdentity });
});

it("refuses storage by identity that does not say where the tables are", () => {
  const { AzureWebJobsStorage: _, ...rest } = least;
  const given = { AzureWebJobsStorage__blobServiceUri: "https://acme.blob.core.windows.net" };
  expect(() => readConfig({ ...rest, ...given })).toThrow("AzureWebJobsStorage__tableServiceUri");
});
