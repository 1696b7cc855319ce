import type { IndicatorKind } from "../../domain/indicators/indicator";
import type { Card, CardSection } from "../../domain/lookups/provider";
import { cardOf } from "../card-sections";
import { briefOf } from "./card-brief";
import { fileSections } from "./card-file";
import { addressSections, domainSections, urlSections } from "./card-network";
import type { RelatedPart } from "./card-related";
import type { Attributes } from "./wire";

const sectionsOf: Readonly<
  Record<IndicatorKind, (attributes: Attributes, now: number) => readonly CardSection[]>
> = { file: fileSections, address: addressSections, domain: domainSections, url: urlSections };

/** The available details of a report; related things come last. */
export function cardFrom(
  kind: IndicatorKind,
  attributes: Attributes,
  now: number,
  related?: RelatedPart,
): Card | undefined {
  return cardOf(
    [...sectionsOf[kind](attributes, now), ...(related ? [related.section] : [])],
    [...briefOf[kind](attributes), ...(related?.lines ?? [])],
  );
}
