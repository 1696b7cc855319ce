import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKeyVaultReader, createSecret, type KeyVaultReader } from "../../clients/secrets";
import { realClock } from "../../local/clock";
import { type KeyVaultSimulator, startKeyVaultSimulator } from "../../local/simulators/key-vault";
import type { Fault } from "../../local/simulators/simulator";

const names = { setting: "VIRUSTOTAL_API_KEY", vaultName: "virustotal-api-key" };
const hourMs = 60 * 60 * 1000;
const done = (value: unknown) => ({ kind: "done", value });

let keyVault: KeyVaultSimulator;
let vault: KeyVaultReader;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 10, 22);
  keyVault = await startKeyVaultSimulator({ clock: realClock(), secrets: { "virustotal-api-key": "key-1" } });
  vault = readerAt(keyVault.origin);
});
afterEach(() => keyVault.close());

describe("a secret", () => {
  it("of a setting wins over the vault, which is not asked", async () => {
    const secret = createSecret({ ...names, value: "from-setting", vault, now: () => now });
    expect(await secret.read()).toEqual(done("from-setting"));
    expect(await secret.read({ refresh: true })).toEqual(done("from-setting"));
    expect(keyVault.requests).toEqual([]);
  });

  it("is not there without a setting and a vault", async () => {
    expect(await createSecret({ ...names, now: () => now }).read()).toEqual(done(undefined));
  });

  it("names where an operator sets it", () => {
    expect(createSecret({ ...names, value: "x", vault, now: () => now }).setting).toBe("VIRUSTOTAL_API_KEY");
    expect(createSecret({ ...names, vault, now: () => now }).setting).toBe(
      "VIRUSTOTAL_API_KEY (secret virustotal-api-key in Key Vault)",
    );
  });

  it("is read from the vault at first use, and kept for an hour", async () => {
    const secret = createSecret({ ...names, vault, now: () => now });
    expect(keyVault.requests).toHaveLength(0);
    expect(await secret.read()).toEqual(done("key-1"));
    keyVault.secrets.set("virustotal-api-key", "key-2");
    now += hourMs - 1;
    expect(await secret.read()).toEqual(done("key-1"));
    now += 1;
    expect(await secret.read()).toEqual(done("key-2"));
    expect(keyVault.requests).toHaveLength(2);
  });

  it("is read again when it was found wrong, and then kept", async () => {
    const secret = createSecret({ ...names, vault, now: () => now });
    await secret.read();
    keyVault.secrets.set("virustotal-api-key", "key-2");
    expect(await secret.read({ refresh: true })).toEqual(done("key-2"));
    expect(await secret.read()).toEqual(done("key-2"));
    expect(keyVault.requests).toHaveLength(2);
  });

  it("is read once for all that ask at the same time", async () => {
    const secret = createSecret({ ...names, vault, now: () => now });
    const reads = await Promise.all(Array.from({ length: 8 }, () => secret.read({ refresh: true })));
    expect(reads).toEqual(Array.from({ length: 8 }, () => done("key-1")));
    expect(keyVault.requests).toHaveLength(1);
  });

  it("that the vault does not have stays away for an hour, then is looked for again", async () => {
    keyVault.secrets.clear();
    const secret = createSecret({ ...names, vault, now: () => now });
    expect(await secret.read()).toEqual(done(undefined));
    expect(await secret.read()).toEqual(done(undefined));
    expect(keyVault.requests).toHaveLength(1);
    keyVault.secrets.set("virustotal-api-key", "key-1");
    now += hourMs;
    expect(await secret.read()).toEqual(done("key-1"));
  });

  it("that could not be read is read again at the next use", async () => {
    keyVault.script({ match: () => true, fault: { status: 503 } });
    const secret = createSecret({ ...names, vault, now: () => now });
    expect(await secret.read()).toEqual({ kind: "again", reason: "Key Vault answered HTTP 503." });
    expect(await secret.read()).toEqual(done("key-1"));
  });
});

describe("the vault", () => {
  it("on this machine is asked once per read, and without a token", async () => {
    expect(await vault("virustotal-api-key")).toEqual(done("key-1"));
    expect(keyVault.requests).toHaveLength(1);
    expect(keyVault.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  it("gives a value without the line break that came with it", async () => {
    keyVault.secrets.set("virustotal-api-key", "key-1\r\n");
    expect(await vault("virustotal-api-key")).toEqual(done("key-1"));
    keyVault.secrets.set("virustotal-api-key", " ");
    expect(await vault("virustotal-api-key")).toEqual(done(undefined));
  });

  const forbidden = (code: string) => ({
    status: 403,
    json: { error: { code: "Forbidden", message: "key-1", innererror: { code } } },
  });
  const refused = (part: string) => ({ kind: "refused", reason: expect.stringContaining(part) });
  const again = (reason: string) => ({ kind: "again", reason });
  it.each<[string, Fault, object]>([
    ["a missing role", forbidden("ForbiddenByRbac"), refused("Key Vault Secrets User")],
    ["a missing role, without details", { status: 403 }, refused("Key Vault Secrets User")],
    ["a firewall", forbidden("ForbiddenByFirewall"), refused("firewall")],
    ["a disabled secret", forbidden("SecretDisabled"), refused("disabled")],
    ["a token of another tenant", { status: 401 }, refused("Entra tenant")],
    ["another page at the URL", { status: 404, text: "Not found" }, refused("KEY_VAULT_URL")],
    ["a wrong request", { status: 400 }, refused("HTTP 400")],
    [
      "throttling",
      { status: 429, headers: { "retry-after": "3" } },
      { kind: "again", reason: "Key Vault is throttling this app (HTTP 429).", afterSeconds: 3 },
    ],
    ["a fault", { status: 500 }, again("Key Vault answered HTTP 500.")],
    [
      "a page instead of JSON",
      { status: 200, text: "<html>" },
      again("Key Vault answered with something other than a secret."),
    ],
    ["a lost connection", "dropBefore", again("Key Vault: connection lost.")],
    ["an answer that was cut off", "cutOff", again("Key Vault: answer cut off.")],
    ["no answer", "hang", again("Key Vault: no answer in time.")],
  ])("with %s says what happened and what to do, after one request", async (_, fault, expected) => {
    keyVault.script({ match: () => true, fault });
    const attempt = await readerAt(keyVault.origin, fault === "hang" ? 250 : 20_000)("virustotal-api-key");
    expect(attempt).toEqual(expected);
    expect(JSON.stringify(attempt)).not.toContain("key-1");
    expect(keyVault.requests).toHaveLength(1);
  });

  it("that no server listens at is a refused connection", async () => {
    await keyVault.close();
    expect(await vault("virustotal-api-key")).toEqual(again("Key Vault: connection refused."));
  });

  it("is not accepted without TLS on another machine", () => {
    expect(() => readerAt("http://vault.example.com")).toThrow("has to be https");
  });
});

function readerAt(url: string, timeoutMs = 5000): KeyVaultReader {
  const getToken = async () => {
    throw new Error("A simulator is asked without a token.");
  };
  return createKeyVaultReader({ url, credential: { getToken }, timeoutMs });
}
