import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ThresholdsByKind, thresholdsByKind } from "../../clients/virustotal/thresholds";
import { type Report, reportSchema } from "../../clients/virustotal/wire";

const folder = join(__dirname, "../fixtures/virustotal");

/** Body of a recorded answer, e.g. `file-malicious-rich`. */
export function bodyOf(name: string): { readonly data: Record<string, unknown> } {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
}

/** A recorded report as the client reads it, with some attributes replaced (or taken out: `undefined`). */
export function reportOf(name: string, replaced: Readonly<Record<string, unknown>> = {}): Report {
  const { data } = bodyOf(name);
  const attributes = { ...(data.attributes as object), ...replaced };
  return reportSchema.parse({ data: { ...data, attributes } }).data;
}

/** The same for every kind. */
export function thresholdsOf(maliciousFrom: number, suspiciousFrom: number): ThresholdsByKind {
  const every = (count: number) => ({ file: count, url: count, domain: count, address: count });
  return thresholdsByKind(every(maliciousFrom), every(suspiciousFrom));
}

/** A recorded report with relationships, as the client reads it. */
export function reportRelating(sample: string, relationships: unknown, attributes: object = {}): Report {
  const { data } = bodyOf(sample);
  const merged = { ...(data.attributes as object), ...attributes };
  return reportSchema.parse({ data: { ...data, attributes: merged, relationships } }).data;
}
