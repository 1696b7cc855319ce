import { createHash } from "node:crypto";
import type { TokenCredential } from "@azure/core-auth";
import { z } from "zod";
import { type Attempt, again, done, refused, type Secret } from "../domain/attempt";
import { azureClientOptions, credentialFor, exchange, passingFailure } from "./azure-client";

/** Reads a secret from the vault by name; `undefined` if the vault does not have it. */
export type KeyVaultReader = (name: string) => Promise<Attempt<string | undefined>>;

const secretSchema = z.object({ value: z.string() });
const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    innererror: z.object({ code: z.string() }).optional().catch(undefined),
  }),
});

/** By status, or by status and the innermost error code. */
const refusals: Readonly<Record<string, string>> = {
  401: "Key Vault does not accept the app's token: the app's identity has to be in the Entra tenant of the vault.",
  403: "The app may not read the vault: grant its identity the role Key Vault Secrets User, which takes effect after a few minutes.",
  "403 ForbiddenByFirewall":
    "The vault's firewall blocks the app: allow the app's network in the vault's networking.",
  "403 SecretDisabled":
    "The secret is disabled in the vault: enable it, or delete it to switch its provider off.",
  404: "There is no vault at KEY_VAULT_URL.",
};

/** Azure Key Vault. The SDK is loaded with the first read. Throws for a URL that is not safe to use. */
export function createKeyVaultReader(options: {
  /** Base URL of the vault. Plain HTTP to this machine needs no token. */
  readonly url: string;
  readonly credential: TokenCredential;
  readonly timeoutMs: number;
}): KeyVaultReader {
  const { url, timeoutMs } = options;
  const clientOptions = azureClientOptions(url);
  const credential = credentialFor(url, options.credential);
  const load = async () => {
    const { SecretClient } = await import("@azure/keyvault-secrets");
    return new SecretClient(url, credential, clientOptions);
  };
  let loading: ReturnType<typeof load> | undefined;

  return async (name) => {
    loading ??= load();
    const client = await loading;
    const answer = await exchange(AbortSignal.timeout(timeoutMs), (call) => client.getSecret(name, call));
    const passing = passingFailure("Key Vault", answer);
    if (passing || answer.kind === "fault") return passing ?? unreadable;
    if (answer.status === 200) {
      const { data } = secretSchema.safeParse(answer.body);
      // A line break from a pipe or an editor is never part of a key, and no header may hold one.
      return data ? done(data.value.trim() || undefined) : unreadable;
    }
    const { error } = errorSchema.safeParse(answer.body).data ?? {};
    if (error?.code === "SecretNotFound") return done(undefined);
    const reason = refusals[`${answer.status} ${error?.innererror?.code}`] ?? refusals[answer.status];
    return refused(reason ?? `Key Vault refused the request (HTTP ${answer.status}).`);
  };
}

const unreadable = again("Key Vault answered with something other than a secret.");

const keepMs = 60 * 60 * 1000;

interface SecretOptions {
  /** Name of the setting that holds it on a laptop. */
  readonly setting: string;
  /** Its name in the vault. */
  readonly vaultName: string;
  /** The setting's value; takes precedence over the vault. */
  readonly value?: string;
  readonly vault?: KeyVaultReader;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A secret from its setting, or else from the vault. Concurrent readers share one request to the vault. */
export function createSecret({ setting, vaultName, value, vault, now }: SecretOptions): Secret {
  if (value !== undefined || !vault) return { setting, read: async () => done(value) };

  let kept: { readonly attempt: Attempt<string | undefined>; readonly at: number } | undefined;
  let reading: Promise<Attempt<string | undefined>> | undefined;
  const readVault = async () => {
    const attempt = await vault(vaultName);
    if (attempt.kind === "done") kept = { attempt, at: now() };
    reading = undefined;
    return attempt;
  };
  return {
    setting: `${setting} (secret ${vaultName} in Key Vault)`,
    async read(options) {
      if (kept && !options?.refresh && now() - kept.at < keepMs) return kept.attempt;
      reading ??= readVault();
      return reading;
    },
  };
}

/** Identifies a key without revealing it: the first 16 hex digits of its SHA-256. */
export async function keyIdOf(key: Secret): Promise<Attempt<string | undefined>> {
  const read = await key.read();
  if (read.kind !== "done" || !read.value) return read;
  return done(createHash("sha256").update(read.value).digest("hex").slice(0, 16));
}
