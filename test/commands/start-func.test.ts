import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "../../local/host/package-root";

it("says what is missing where Core Tools or their settings are not there", () => {
  const script = join(packageRoot, "dist/commands/start-func.js");
  const { status, stderr } = spawnSync(process.execPath, [script], { env: { PATH: "" }, encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toMatch(/copy local\.settings\.sample\.json to|func-core-tools/);
});
