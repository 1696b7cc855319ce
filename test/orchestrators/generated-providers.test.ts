import { test } from "vitest";
import { assertPlayed } from "../support/generated/assert-played";
import { expectRightComments } from "../support/generated/expectations";
import { providerScripts } from "../support/generated/script";

test("whatever two providers do side by side, each answer is told as that provider's", async () => {
  await assertPlayed(providerScripts, 250, expectRightComments);
}, 120_000);
