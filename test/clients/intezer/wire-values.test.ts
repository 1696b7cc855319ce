import { expect, it } from "vitest";
import { instantFrom, intezerLink } from "../../../clients/intezer/wire-values";

it.each([
  ["Wed, 17 Oct 2018 15:16:45 GMT", Date.UTC(2018, 9, 17, 15, 16, 45)],
  ["2023-07-24T12:26:06", Date.UTC(2023, 6, 24, 12, 26, 6)],
  ["2026-04-29T12:34:56+00:00", Date.UTC(2026, 3, 29, 12, 34, 56)],
  ["2026-04-29T14:34:56+02:00", Date.UTC(2026, 3, 29, 12, 34, 56)],
  ["2026-04-29T12:34:56Z", Date.UTC(2026, 3, 29, 12, 34, 56)],
  ["2023-04-03 08:25:07.000000", Date.UTC(2023, 3, 3, 8, 25, 7)],
  ["2019:07:26 18:23:19+00:00", Date.UTC(2019, 6, 26, 18, 23, 19)],
  ["2023-04-03 08:25:07.123456", Date.UTC(2023, 3, 3, 8, 25, 7, 123)],
])("reads %s whatever the time zone of the machine", (text, instant) => {
  expect(instantFrom(text)).toBe(instant);
});

it.each([undefined, "", "xx", "24 Jul 23 | 12:26 UTC", "2026-13-01T00:00:00", "1783593930"])(
  "makes nothing of %s",
  (text) => {
    expect(instantFrom(text)).toBeUndefined();
  },
);

it.each([
  "https://analyze.intezer.com/analyses/8b9f2363-fdca-4cce-9e20-93f8ca1dd88f",
  "https://analyze.intezer.com/#/analyses/548e6b8b-20b1-445c-9922-af6b52a8abc3",
  "https://us.app.intezer.com/alerts/ldt:xxxxxx",
])("keeps %s", (address) => {
  expect(intezerLink(address)).toBe(address);
});

it.each([
  undefined,
  "bla",
  "alert_url",
  "http://analyze.intezer.com/analyses/1",
  "javascript:alert(1)//analyze.intezer.com",
  "https://evil.example/",
  "https://analyze.intezer.com.evil.example/",
  "https://notintezer.com/",
  "https://analyze.intezer.com@evil.example/",
  "https://user:secret@analyze.intezer.com/",
  "https://analyze.intezer.com:8443/",
  `https://analyze.intezer.com/${"a".repeat(400)}`,
])("makes no link of %s", (address) => {
  expect(intezerLink(address)).toBeUndefined();
});
