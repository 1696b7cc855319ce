import { expect, it } from "vitest";
import { schedule } from "../../clients/setting-values";

it.each([
  { text: "0 */15 * * * *", read: "0 */15 * * * *" },
  { text: " */5  8-18 * * 1-5 ", read: "*/5 8-18 * * 1-5" },
  { text: "0 0,30 0-6 1 1 *", read: "0 0,30 0-6 1 1 *" },
])("$text is a schedule", ({ text, read }) => {
  expect(schedule.safeParse(text).data).toBe(read);
});

it.each([
  { kind: "a word", text: "@daily" },
  { kind: "what only other parsers know", text: "0 0 12 L * ?" },
  { kind: "minute 75", text: "0 75 * * * *" },
  { kind: "four fields", text: "0 0 1 1" },
  { kind: "seven fields", text: "0 0 0 1 1 * 2026" },
  { kind: "a span of time", text: "00:15:00" },
  { kind: "a day that never comes", text: "0 0 0 31 2 *" },
  { kind: "nothing", text: "" },
])("$kind is no schedule: $text", ({ text }) => {
  const { error } = schedule.safeParse(text);
  expect(error?.issues[0]?.message).toBe(
    "must be an NCRONTAB expression such as 0 */15 * * * * (every 15 minutes)",
  );
});
