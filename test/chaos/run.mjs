// npm run test:chaos -- --seeds 300 [--seed N] [--show]
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const usage = "Usage: npm run test:chaos -- [--seeds COUNT] [--seed NUMBER] [--show]";

const { seeds, seed, show } = read(process.argv.slice(2));
const env = {
  ...process.env,
  CHAOS_SEEDS: seeds,
  ...(seed ? { CHAOS_SEED: seed } : {}),
  ...(show ? { CHAOS_SHOW: "true" } : {}),
};
const vitest = ["node_modules/vitest/vitest.mjs", "run", "test/chaos", "--testTimeout=60000"];
process.exit(spawnSync(process.execPath, vitest, { env, stdio: "inherit" }).status ?? 1);

/** Ends the process with 2 for wrong arguments. */
function read(args) {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    const { values } = parseArgs({
      args,
      options: {
        seeds: { type: "string", default: "300" },
        seed: { type: "string" },
        show: { type: "boolean" },
      },
    });
    for (const name of ["seeds", "seed"])
      if (values[name] !== undefined && !/^\d{1,9}$/.test(values[name]))
        throw new Error(`--${name} wants a number, not "${values[name]}".`);
    return values;
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}
