import type { ThresholdsByKind } from "../../clients/virustotal/thresholds";
import { type ClosedIncident, maliciousOnly, maliciousOrSuspicious } from "./closed-incident";
import { type Figures, figuresByRule, figuresOf, type RuleFigures } from "./figures";
import {
  type DecidedOtherwise,
  decidedOtherwise,
  otherThresholds,
  type ThresholdVariants,
} from "./other-thresholds";

interface ReportOptions {
  readonly days: number;
  /** How many were read. */
  readonly workspaces: number;
  /** Those that the deployment has now. */
  readonly thresholds: ThresholdsByKind;
}

/** Our verdicts against the analysts' closings. */
export interface Report {
  readonly days: number;
  readonly workspaces: number;
  /** Malicious and suspicious both count as a finding. */
  readonly all: Figures;
  /** Only malicious counts as a finding. */
  readonly maliciousOnly: Figures;
  readonly byRule: readonly RuleFigures[];
  readonly thresholds: readonly ThresholdVariants[];
  readonly decidedOtherwise: DecidedOtherwise;
}

/** Pure: everything is worked out from the incidents. */
export function reportOn(
  incidents: readonly ClosedIncident[],
  { days, workspaces, thresholds }: ReportOptions,
): Report {
  return {
    days,
    workspaces,
    all: figuresOf(incidents, maliciousOrSuspicious),
    maliciousOnly: figuresOf(incidents, maliciousOnly),
    byRule: figuresByRule(incidents, maliciousOrSuspicious),
    thresholds: otherThresholds(incidents, thresholds),
    decidedOtherwise: decidedOtherwise(incidents, thresholds),
  };
}
