import type { IndicatorKind } from "../../domain/indicator";
import type { Card, CardSection } from "../../domain/provider";
import { fileSections } from "./card-file";
import { addressSections, domainSections, urlSections } from "./card-network";
import type { Attributes } from "./wire";

const maxCardBytes = 3 * 1024;

const sectionsOf: Readonly<
  Record<IndicatorKind, (attributes: Attributes, now: number) => readonly CardSection[]>
> = { file: fileSections, address: addressSections, domain: domainSections, url: urlSections };

/** The details of a report. Facts that it does not have are absent; where there are too many, the last sections go. */
export function cardFrom(kind: IndicatorKind, attributes: Attributes, now: number): Card | undefined {
  const sections = sectionsOf[kind](attributes, now).filter(({ rows }) => rows.length > 0);
  while (Buffer.byteLength(JSON.stringify({ sections })) > maxCardBytes) sections.pop();
  return sections.length > 0 ? { sections } : undefined;
}
