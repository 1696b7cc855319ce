import { realClock } from "../../local/clock";
import { runCommandLine } from "../command-line";
import { argumentsFrom, exitCodes, usage } from "./arguments";
import { enrich } from "./enrich";
import { enrichMissing } from "./missing";
import { missingArgumentsFrom } from "./missing-arguments";
import { planFrom } from "./plan";

runCommandLine({ usage, read: commandFrom, failed: exitCodes.failed });

async function commandFrom(argv: readonly string[]): Promise<() => Promise<number>> {
  if (argv.includes("--missing")) {
    const given = missingArgumentsFrom(argv, realClock().now());
    return () => enrichMissing(given);
  }
  const given = await argumentsFrom(argv);
  return async () => enrich(await planFrom(given));
}
