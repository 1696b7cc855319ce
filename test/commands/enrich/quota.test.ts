import { expect, it } from "vitest";
import { quotaText } from "../../../commands/enrich/quota";
import type { KeyStanding } from "../../../domain/lookups/quota";

const quota = { perMinute: 4, perDay: 500, perMonth: 15_500 };
const known = (day: number, month: number): KeyStanding => ({
  kind: "known",
  reading: { quota, used: { day, month }, goodForSeconds: 60 },
});
const noKey = "VirusTotal has no key, so no quota is used.";

it.each<[string, KeyStanding, number, string]>([
  [
    "what is left",
    known(142, 2210),
    3,
    "The key has 358 of 500 requests left today and 13290 of 15500 this month.",
  ],
  [
    "how long it takes",
    known(0, 0),
    9,
    "The key has 500 of 500 requests left today and 15500 of 15500 this month. At 4 a minute this takes about 2 min.",
  ],
  [
    "that the day is not enough",
    known(499, 9120),
    2,
    "The key has 1 of 500 requests left today and 6380 of 15500 this month. That is not enough: the remaining lookups are reported as not checked.",
  ],
  [
    "that the month is over",
    known(10, 15_600),
    1,
    "The key has 490 of 500 requests left today and 0 of 15500 this month. That is not enough: the remaining lookups are reported as not checked.",
  ],
  ["that it is not known", { kind: "hidden" }, 1, "VirusTotal does not say how much quota the key has left."],
  ["that there is no key", { kind: "noKey" }, 1, noKey],
  ["why VirusTotal refuses", { kind: "refused", reason: "Store a valid key." }, 1, "Store a valid key."],
])("says of one run %s", (_, given, lookups, text) => {
  expect(quotaText("VirusTotal", given, lookups)).toBe(text);
});
