import { test } from "vitest";
import { assertPlayed } from "../support/generated/assert-played";
import { expectRightComments } from "../support/generated/expectations";
import { lookupScripts } from "../support/generated/script";
import { casesIn } from "../support/tier";

test("whatever a provider does and whatever faults the runtime has, a run ends with the comment that the answers call for", async () => {
  await assertPlayed(lookupScripts, casesIn({ quick: 50, full: 1_200 }), expectRightComments);
});
