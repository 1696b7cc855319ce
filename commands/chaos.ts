import { parseArgs } from "node:util";
import { runCommandLine } from "./command-line";
import { runNode } from "./run-node";

const usage = `Usage: npm run test:chaos [-- options]

Sends random incidents through the app while services fail in every way, and
checks the results against what went in. A seed that fails says how to repeat it.

  --seeds N   how many seeds (default 300)
  --from N    the first seed (default 1)
  --seed N    only this one
  --merges    merge incidents in every seed, not in half of them, and compare
              its lookups at VirusTotal with those of the same seed without
  --show      print what happens with each seed
  -h, --help  print this`;

runCommandLine({ usage, read: commandFrom });

function commandFrom(args: readonly string[]): () => Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: "string", default: "300" },
      from: { type: "string", default: "1" },
      seed: { type: "string" },
      merges: { type: "boolean", default: false },
      show: { type: "boolean", default: false },
    },
  });
  const settings = {
    CHAOS_SEEDS: numberFrom("--seeds", values.seeds),
    CHAOS_FROM: numberFrom("--from", values.from),
    ...(values.seed === undefined ? {} : { CHAOS_SEED: numberFrom("--seed", values.seed) }),
    ...(values.merges ? { CHAOS_MERGES: "all" } : {}),
    ...(values.show ? { CHAOS_SHOW: "true" } : {}),
  };
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "test/chaos", "--testTimeout=180000"];
  return () => runNode(vitest, settings);
}

function numberFrom(option: string, text: string): string {
  if (/^\d{1,9}$/.test(text)) return text;
  throw new Error(`${option} takes a whole number, not "${text}".`);
}
