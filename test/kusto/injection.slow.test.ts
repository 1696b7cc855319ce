import { it } from "vitest";
import { expectLiteralsOnly } from "./injection";

it("100,000 hostile values are literals in every query, and nothing else", () => expectLiteralsOnly(100_000));
