import { afterEach, beforeEach, expect, it } from "vitest";
import { realClock } from "../../../local/clock";
import { type KeyVaultSimulator, startKeyVaultSimulator } from "../../../local/simulators/key-vault";

let keyVault: KeyVaultSimulator;
beforeEach(async () => {
  keyVault = await startKeyVaultSimulator({ clock: realClock(), secrets: { "intezer-api-key": "key-1" } });
});
afterEach(() => keyVault.close());

it("gives the newest value of a secret, with or without the slash before the version", async () => {
  for (const path of ["secrets/intezer-api-key", "secrets/intezer-api-key/"]) {
    const answer = await fetch(`${keyVault.origin}/${path}?api-version=7.6`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ value: "key-1", attributes: { enabled: true } });
  }
});

it.each([
  ["GET", "secrets/other?api-version=7.6", 404, "SecretNotFound"],
  ["GET", "secrets/intezer-api-key", 400, "BadParameter"],
  ["PUT", "secrets/intezer-api-key?api-version=7.6", 405, "MethodNotAllowed"],
])("answers %s %s with %i %s", async (method, path, status, code) => {
  const answer = await fetch(`${keyVault.origin}/${path}`, { method });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: { code } });
});
