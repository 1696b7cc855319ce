import {
  type CountByKind,
  type ThresholdsByKind,
  thresholdsByKind,
} from "../../clients/virustotal/thresholds";
import type { Config } from "../../config";

/** The thresholds that a configuration sets. */
export function thresholdsIn({ providers }: Pick<Config, "providers">): ThresholdsByKind {
  const virustotal = providers.find(({ description }) => description.id === "virustotal");
  const { VIRUSTOTAL_MALICIOUS_FROM: malicious, VIRUSTOTAL_SUSPICIOUS_FROM: suspicious } =
    virustotal?.settings ?? {};
  return thresholdsByKind(malicious as CountByKind, suspicious as CountByKind);
}
