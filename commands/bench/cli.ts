import { parseArgs } from "node:util";
import { runCommandLine } from "../command-line";
import { runNode } from "../run-node";

const usage = `Usage: npm run bench [-- NAME...]

Measures how long a comment takes, what a burst of incidents does, and how long
the app takes to start, against the simulators. Takes several minutes; let the
machine do nothing else meanwhile.

  NAME        only the measurements in test/bench whose file names begin with
              NAME: latency, burst, cold-start
  -h, --help  print this`;

runCommandLine({ usage, read: commandFrom });

function commandFrom(args: readonly string[]): () => Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/bench/vitest.config.mts"];
  return () => runNode([...vitest, ...positionals.map((name) => `test/bench/${name}`)]);
}
