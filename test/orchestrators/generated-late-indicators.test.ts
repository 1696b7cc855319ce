import { test } from "vitest";
import { assertPlayed } from "../support/generated/assert-played";
import { expectRightComments } from "../support/generated/expectations";
import { lateScripts } from "../support/generated/script";

test("whatever comes into an incident before its comment is looked up, and told in the update", async () => {
  await assertPlayed(lateScripts, 250, expectRightComments);
}, 120_000);
