import { expect, it } from "vitest";
import { accessWith } from "../../../commands/deployment/access";
import { costOf } from "../../../commands/enrich/cost";
import { readConfig } from "../../../config";
import type { Indicator } from "../../../domain/indicators/indicator";
import { workspaceId } from "../../support/requests";

const required = { SENTINEL_WORKSPACES: workspaceId, AzureWebJobsStorage: "UseDevelopmentStorage=true" };
const indicators: readonly Indicator[] = [
  { kind: "file", value: "a".repeat(64) },
  { kind: "file", value: "b".repeat(64) },
  { kind: "url", value: "https://example.net/" },
  { kind: "address", value: "8.8.8.8" },
];

const textsOf = (settings: Record<string, string>) =>
  accessWith(readConfig({ ...required, ...settings })).providers.map(
    (provider) => costOf(provider, indicators).text,
  );

const keys = { VIRUSTOTAL_API_KEY: "key", INTEZER_API_KEY: "key" };

/** The workspace's threat intelligence. */
const own = "4 lookups (2 files, 1 URL, 1 IP address)";

it.each([
  ["the defaults", keys, ["4 lookups (2 files, 1 URL, 1 IP address)", "2 lookups (2 files)", own]],
  [
    "other kinds",
    { ...keys, VIRUSTOTAL_KINDS: "url", INTEZER_URLS: "true" },
    ["1 lookup (1 URL)", "3 lookups (2 files, 1 URL)", own],
  ],
  [
    "one key",
    { VIRUSTOTAL_API_KEY: "key", VIRUSTOTAL_KINDS: "domain" },
    ["0 lookups", "off, it has no key", own],
  ],
  [
    "a vault",
    { KEY_VAULT_URL: "https://v.vault.azure.net", INTEZER_FILES: "false" },
    ["4 lookups (2 files, 1 URL, 1 IP address)", "0 lookups", own],
  ],
  [
    "no threat intelligence",
    { ...keys, WORKSPACE_TI: "off" },
    ["4 lookups (2 files, 1 URL, 1 IP address)", "2 lookups (2 files)", "0 lookups"],
  ],
])("costs by kinds that are on: %s", (_, settings, texts) => {
  expect(textsOf(settings)).toEqual(texts);
});
