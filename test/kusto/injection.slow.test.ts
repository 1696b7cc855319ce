import { it } from "vitest";
import { indicatorKinds } from "../../domain/indicators/indicator";
import { expectLiteralsOnly } from "./injection";

it.each(indicatorKinds)(
  "25,000 hostile values of kind %s are literals in every query, and nothing else",
  (kind) => expectLiteralsOnly(kind, 25_000),
);
