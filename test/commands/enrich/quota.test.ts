import { expect, it } from "vitest";
import { quotaText } from "../../../commands/enrich/quota";

const quota = { perMinute: 4, perDay: 500, perMonth: 15_500 };
const reading = (day: number, month: number) => ({ quota, used: { day, month }, goodForSeconds: 60 });

it.each([
  [
    "what is left",
    reading(142, 2210),
    3,
    "The key has 358 of 500 requests left today and 13290 of 15500 this month.",
  ],
  [
    "how long it takes",
    reading(0, 0),
    9,
    "The key has 500 of 500 requests left today and 15500 of 15500 this month. At 4 a minute this takes about 2 min.",
  ],
  [
    "that the day is not enough",
    reading(499, 9120),
    2,
    "The key has 1 of 500 requests left today and 6380 of 15500 this month. That is not enough: what does not fit is reported as not checked.",
  ],
  [
    "that the month is over",
    reading(10, 15_600),
    1,
    "The key has 490 of 500 requests left today and 0 of 15500 this month. That is not enough: what does not fit is reported as not checked.",
  ],
  [
    "that it is not known",
    { quota, goodForSeconds: 60 },
    1,
    "VirusTotal did not tell what its key has left.",
  ],
])("says %s", (_, given, lookUps, text) => {
  expect(quotaText(given, lookUps)).toBe(text);
});
