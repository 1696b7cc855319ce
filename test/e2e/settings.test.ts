import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { refusalOf } from "../support/host-process";
import { workspaceId } from "../support/requests";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "enricher-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("The app refuses to start on wrong settings and names all of them, without a stack and without a secret", async () => {
  const { code, stderr } = await refusalOf(
    {
      AzureWebJobsStorage: "DefaultEndpointsProtocol=https;AccountName=none",
      SENTINEL_WORKSPACES: `${workspaceId},nonsense`,
      VIRUSTOTAL_API_KEY: "a-very-secret-key",
      VIRUSTOTAL_ENDPOINT: "http://virustotal.example",
      FIRST_COMMENT_SECONDS: "soon",
      INTEZER_ALERTS: "perhaps",
    },
    folder,
  );
  expect(code).toBe(1);
  for (const name of [
    "SENTINEL_WORKSPACES",
    "VIRUSTOTAL_ENDPOINT",
    "FIRST_COMMENT_SECONDS",
    "INTEZER_ALERTS",
  ]) {
    expect(stderr).toContain(name);
  }
  expect(stderr).not.toMatch(/a-very-secret-key|\n\s+at /);
});
