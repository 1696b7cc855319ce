import { expect, it } from "vitest";
import { addendum, before, deliver } from "./deliver-triage-setup";
import { enrichAgain } from "./enrich-again-setup";

it("a delivery to a run that never ends is in an addendum after twelve hours, and the looks are few", async () => {
  let looks = 0;
  const run = () => {
    looks++;
    return before;
  };
  expect(await deliver({ run })).toMatchObject({
    status: "Completed",
    output: addendum,
    did: ["raise", "addendum", "tags raise"],
  });
  expect(looks).toBeLessThan(350);
});

it("the start of the next run fails for operators to see when the present run never ends, and does not grow without end", async () => {
  const { status, output, asked } = await enrichAgain({ answer: () => "later" });
  expect(status).toBe("Failed");
  expect(output).toContain("check whether it is suspended");
  expect(asked.length).toBeLessThan(200);
});
