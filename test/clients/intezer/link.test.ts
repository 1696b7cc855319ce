import { expect, it } from "vitest";
import { intezerLink } from "../../../clients/intezer/link";

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
