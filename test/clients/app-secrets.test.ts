import { expect, it } from "vitest";
import { createAppSecrets } from "../../clients/app-secrets";
import { realClock } from "../../local/clock";
import { startKeyVaultSimulator } from "../../local/simulators/key-vault";

const nothing = {
  keyVaultUrl: undefined,
  virustotal: { apiKey: undefined },
  intezer: { apiKey: undefined, webhookAuthorization: undefined },
};
const options = { credential: { getToken: async () => null }, timeoutMs: 5_000, now: Date.now };

it("reads each of the app's secrets from the vault under its own name, but one that a setting holds", async () => {
  const secrets = {
    "virustotal-api-key": "v",
    "intezer-api-key": "i",
    "intezer-webhook-authorization": "w",
  };
  const keyVault = await startKeyVaultSimulator({ clock: realClock(), secrets });
  try {
    const settings = { ...nothing, keyVaultUrl: keyVault.origin, virustotal: { apiKey: "set" } };
    const { virustotal, intezer, webhook } = createAppSecrets(settings, options);
    const values = await Promise.all([virustotal, intezer, webhook].map((secret) => secret.read()));
    expect(values).toEqual(["set", "i", "w"].map((value) => ({ kind: "done", value })));
  } finally {
    await keyVault.close();
  }
});

it("names the setting of each, where there is no vault", async () => {
  const named = Object.values(createAppSecrets(nothing, options)).map(({ setting }) => setting);
  expect(named).toEqual(["VIRUSTOTAL_API_KEY", "INTEZER_API_KEY", "INTEZER_WEBHOOK_AUTHORIZATION"]);
});
