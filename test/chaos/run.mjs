// npm run test:chaos -- --seeds 300 [--seed N] [--show]
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { seeds: { type: "string", default: "300" }, seed: { type: "string" }, show: { type: "boolean" } },
});
const env = {
  ...process.env,
  CHAOS_SEEDS: values.seeds,
  ...(values.seed ? { CHAOS_SEED: values.seed } : {}),
  ...(values.show ? { CHAOS_SHOW: "true" } : {}),
};
const vitest = ["node_modules/vitest/vitest.mjs", "run", "test/chaos", "--testTimeout=60000"];
process.exit(spawnSync(process.execPath, vitest, { env, stdio: "inherit" }).status ?? 1);
