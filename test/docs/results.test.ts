import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { resultsColumns } from "../../domain/results/results-table";
import { packageRoot } from "../../local/host/package-root";

it("docs/results.md describes every column as the table has it", () => {
  const page = readFileSync(join(packageRoot, "docs/results.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| (.+) \|$/gm)].map(
    ([, name, type, description]) => ({
      name,
      type,
      description,
    }),
  );
  expect(rows).toEqual(resultsColumns);
});
