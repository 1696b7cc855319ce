import { type IndicatorKind, indicatorKinds } from "../../domain/indicators/indicator";

/** How many engines make an indicator malicious (`malicious`) and suspicious (`malicious` + `suspicious`). */
export interface Thresholds {
  readonly maliciousFrom: number;
  readonly suspiciousFrom: number;
}

export type ThresholdsByKind = Readonly<Record<IndicatorKind, Thresholds>>;

export type CountByKind = Readonly<Record<IndicatorKind, number>>;

/**
 * Reads "5", or with other numbers for some kinds "5,address:10"; `otherwise` goes for kinds that have none. A problem
 * completes a sentence that begins with the setting's name.
 */
export function countByKindFrom(
  text: string,
  otherwise: number,
): { readonly counts: CountByKind } | { readonly problem: string } {
  const counts = new Map<string, number>();
  for (const item of text.split(",").map((each) => each.trim())) {
    const [, kind = "", digits = "0"] = /^(?:([a-z]+)\s*:\s*)?(\d{1,9})$/.exec(item) ?? [];
    const isKind = kind === "" || indicatorKinds.some((each) => each === kind);
    if (!isKind || Number(digits) < 1)
      return { problem: `holds ${JSON.stringify(item)}, which is ${noCount}` };
    if (counts.has(kind)) return { problem: `says it twice for ${kind || "all kinds"}` };
    counts.set(kind, Number(digits));
  }
  const countOf = (kind: IndicatorKind) => counts.get(kind) ?? counts.get("") ?? otherwise;
  return { counts: byKind(countOf) };
}

const noCount = `neither a whole number of at least 1 nor one with its kind, like address:10 (kinds: ${indicatorKinds.join(", ")})`;

export function thresholdsByKind(maliciousFrom: CountByKind, suspiciousFrom: CountByKind): ThresholdsByKind {
  return byKind((kind) => ({ maliciousFrom: maliciousFrom[kind], suspiciousFrom: suspiciousFrom[kind] }));
}

function byKind<T>(of: (kind: IndicatorKind) => T): Record<IndicatorKind, T> {
  return {
    file: of("file"),
    url: of("url"),
    domain: of("domain"),
    address: of("address"),
  };
}
