import type { OrchestrationContext } from "durable-functions";
import type { StartRunInput } from "../activities/start-run";
import { call, type Step } from "./durable/call";
import { sleepSeconds } from "./durable/clock";

const firstWaitSeconds = 2;
const longestWaitSeconds = 30;

/** Alerts came while a run was past reading entities: starts the incident's next run as soon as that one has ended. */
export function* enrichAgain(context: OrchestrationContext): Step<{ readonly answer: string }> {
  const input = context.df.getInput<StartRunInput>() as StartRunInput;
  for (let wait = firstWaitSeconds; ; wait = Math.min(wait * 2, longestWaitSeconds)) {
    const { answer } = yield* call(context, "startRun", input);
    if (answer !== "busy") return { answer };
    yield* sleepSeconds(context, wait);
  }
}
