import type { OrchestrationContext } from "durable-functions";
import type { Indicator } from "../../domain/indicators/indicator";
import type { RunContext } from "../../domain/report/context";
import type { ReportItem } from "../../domain/report/report";
import type { RunInput } from "../../domain/run/run";
import { beside } from "../durable/beside";
import type { Step } from "../durable/call";
import type { Phase } from "./consult-providers";
import { contextInTime, contextUnderWay } from "./context-in-time";
import { lookUpAndSubmit } from "./look-up-and-submit";
import type { Submission } from "./triage-in-time";

export interface LookedUp {
  readonly items: readonly ReportItem[];
  readonly submission: Submission;
  readonly context?: RunContext;
}

/** Looks up the indicators and, if that is switched on, searches the workspace's logs for them at the same time. */
export function* consultInContext(
  context: OrchestrationContext,
  input: RunInput,
  indicators: readonly Indicator[],
  items: readonly ReportItem[],
  phase: Phase,
): Step<LookedUp> {
  const lookups = lookUpAndSubmit(context, input, items, phase);
  const underWay = contextUnderWay(context, input, indicators, phase.deadline);
  if (!underWay) return yield* lookups;
  const found = yield* beside(context, underWay.either, lookups);
  return { ...found, context: yield* contextInTime(context, underWay, phase.deadline) };
}
