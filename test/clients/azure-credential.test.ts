import { afterEach, expect, it, vi } from "vitest";
import { createAzureCredential } from "../../clients/azure-credential";
import { createSentinelStore } from "../../clients/sentinel/store";
import { again, refOf } from "./sentinel/support";

afterEach(() => vi.unstubAllEnvs());

it("is the environment's identity, and one that is missing is reported as such", async () => {
  vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential");
  vi.stubEnv("AZURE_TENANT_ID", "");
  const credential = createAzureCredential();
  const endpoint = "https://management.azure.com";
  const ref = refOf(
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc/providers/Microsoft.SecurityInsights/Incidents/b42ee4b2-a4f1-5620-8408-70ff1d66e808",
  );
  await expect(credential.getToken(`${endpoint}/.default`)).rejects.toThrow("EnvironmentCredential");
  expect(await createSentinelStore({ endpoint, credential, timeoutMs: 5000 }).readIncident(ref)).toEqual(
    again(
      "Microsoft Sentinel: no Azure token: the app's managed identity (on a laptop, `az login`) did not provide one.",
    ),
  );
});
