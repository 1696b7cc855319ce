import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "../../../local/host/package-root";

it("is the same for the source and for what it is compiled to", () => {
  const root = join(__dirname, "../../..");
  expect(packageRoot).toBe(root);
  const compiled = createRequire(__filename)(join(root, "dist/local/host/package-root.js"));
  expect(compiled.packageRoot).toBe(root);
});
