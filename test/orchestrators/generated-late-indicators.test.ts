import { test } from "vitest";
import { assertPlayed } from "../support/generated/assert-played";
import { expectRightComments } from "../support/generated/expectations";
import { lateScripts } from "../support/generated/script";
import { casesIn } from "../support/tier";

test("whatever comes into an incident before its comment is looked up, and is in the update", async () => {
  await assertPlayed(lateScripts, casesIn({ quick: 20, full: 250 }), expectRightComments);
});
