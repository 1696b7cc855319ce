import type { Indicator } from "../../domain/indicators/indicator";
import { keysOfIndicator, type RelatedKeys, type Relation } from "../../domain/lookups/relation";

/** As an answer names things that a service relates to its own one. */
export function relatedTo(relation: Relation, ...others: readonly Indicator[]): RelatedKeys {
  return { [relation]: others.map((other) => keysOfIndicator(other)[0]).join("") };
}
