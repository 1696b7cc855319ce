import { test } from "vitest";
import { assertPlayed } from "../support/generated/assert-played";
import { expectRightComments } from "../support/generated/expectations";
import { providerScripts } from "../support/generated/script";
import { casesIn } from "../support/tier";

test("whatever two providers do side by side, each answer is shown as that provider's", async () => {
  await assertPlayed(providerScripts, casesIn({ quick: 20, full: 250 }), expectRightComments);
});
