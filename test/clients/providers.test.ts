import { expect, it } from "vitest";
import { createAppSecrets, secretOf } from "../../clients/providers";
import { realClock } from "../../local/clock";
import { startKeyVaultSimulator } from "../../local/simulators/key-vault";

const options = { credential: { getToken: async () => null }, timeoutMs: 5_000, now: Date.now };
const settings = ["VIRUSTOTAL_API_KEY", "INTEZER_API_KEY", "INTEZER_WEBHOOK_AUTHORIZATION"];

it("reads each provider's secrets from the vault under their own names, but one that a setting holds", async () => {
  const inVault = {
    "virustotal-api-key": "v",
    "intezer-api-key": "i",
    "intezer-webhook-authorization": "w",
  };
  const keyVault = await startKeyVaultSimulator({ clock: realClock(), secrets: inVault });
  try {
    const secretValues = { VIRUSTOTAL_API_KEY: "set" };
    const secrets = createAppSecrets({ keyVaultUrl: keyVault.origin, secretValues }, options);
    const values = await Promise.all(settings.map((setting) => secretOf(secrets, setting).read()));
    expect(values).toEqual(["set", "i", "w"].map((value) => ({ kind: "done", value })));
  } finally {
    await keyVault.close();
  }
});

it("names the setting of each, where there is no vault", () => {
  const secrets = createAppSecrets({ keyVaultUrl: undefined, secretValues: {} }, options);
  expect([...secrets.values()].map(({ setting }) => setting)).toEqual(expect.arrayContaining(settings));
});
