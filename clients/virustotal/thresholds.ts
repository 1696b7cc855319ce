import { z } from "zod";
import { type IndicatorKind, indicatorKinds } from "../../domain/indicators/indicator";

/** How many engines make an indicator malicious (`malicious`) and suspicious (`malicious` + `suspicious`). */
export interface Thresholds {
  readonly maliciousFrom: number;
  readonly suspiciousFrom: number;
}

/** The verdict by the number of detecting engines alone; `undefined` if there are too few. */
export function verdictByCount(
  { malicious, suspicious }: { readonly malicious: number; readonly suspicious: number },
  { maliciousFrom, suspiciousFrom }: Thresholds,
): "malicious" | "suspicious" | undefined {
  if (malicious >= maliciousFrom) return "malicious";
  return malicious + suspicious >= suspiciousFrom ? "suspicious" : undefined;
}

export type ThresholdsByKind = Readonly<Record<IndicatorKind, Thresholds>>;

export type CountByKind = Readonly<Record<IndicatorKind, number>>;

/**
 * A setting's value: "5", or with other numbers for some kinds "5,address:10"; other kinds get `otherwise`.
 * Its messages complete a sentence that begins with the setting's name.
 */
export const countByKind = (otherwise: number) =>
  z
    .string()
    .default(String(otherwise))
    .transform((text, context): CountByKind => {
      const reading = countsFrom(text);
      if ("problem" in reading) {
        context.addIssue(reading.problem);
        return z.NEVER;
      }
      const { counts } = reading;
      return byKind((kind) => counts.get(kind) ?? counts.get("") ?? otherwise);
    });

function countsFrom(
  text: string,
): { readonly counts: ReadonlyMap<string, number> } | { readonly problem: string } {
  const counts = new Map<string, number>();
  for (const item of text.split(",").map((each) => each.trim())) {
    const [, kind = "", digits = "0"] = /^(?:([a-z]+)\s*:\s*)?(\d{1,9})$/.exec(item) ?? [];
    const isKind = kind === "" || indicatorKinds.some((each) => each === kind);
    if (!isKind || Number(digits) < 1)
      return { problem: `holds ${JSON.stringify(item)}, which is ${noCount}` };
    if (counts.has(kind)) return { problem: `says it twice for ${kind || "all kinds"}` };
    counts.set(kind, Number(digits));
  }
  return { counts };
}

const noCount = `neither a whole number of at least 1 nor one with its kind, like address:10 (kinds: ${indicatorKinds.join(", ")})`;

export function thresholdsByKind(maliciousFrom: CountByKind, suspiciousFrom: CountByKind): ThresholdsByKind {
  return byKind((kind) => ({ maliciousFrom: maliciousFrom[kind], suspiciousFrom: suspiciousFrom[kind] }));
}

/** Conflicts between the settings, one message per kind of indicator. */
export function thresholdConflicts(maliciousFrom: CountByKind, suspiciousFrom: CountByKind): string[] {
  return indicatorKinds
    .filter((kind) => suspiciousFrom[kind] > maliciousFrom[kind])
    .map(
      (kind) =>
        `VIRUSTOTAL_SUSPICIOUS_FROM: must not be above VIRUSTOTAL_MALICIOUS_FROM (${maliciousFrom[kind]} for ${kind})`,
    );
}

function byKind<T>(of: (kind: IndicatorKind) => T): Record<IndicatorKind, T> {
  return {
    file: of("file"),
    url: of("url"),
    domain: of("domain"),
    address: of("address"),
  };
}
