import { expect, test } from "vitest";
import { unwrapSafeLink } from "../../../domain/indicators/url";

const target = "https://evil.example/a?b=c&d=e";
const data = "data=05%7C02%7Calice%40contoso.com%7C0&sdata=a%2Bb%3D&reserved=0";
const wrapped = (host: string, url = target) => `https://${host}/?url=${encodeURIComponent(url)}&${data}`;
const safeLink = (host: string) => `https://${host}/?url=${encodeURIComponent(target)}`;

test.each([
  "eur01.safelinks.protection.outlook.com",
  "gcc02.safelinks.protection.outlook.com",
  "usg01.safelinks.protection.office365.us",
  "chn01.safelinks.protection.partner.outlook.cn",
])("a Safe Link of %s is unwrapped, and keeps nothing of its recipient", (host) => {
  expect(unwrapSafeLink(wrapped(host))).toEqual({ text: target, safeLink: safeLink(host) });
});

test("a defanged Safe Link is unwrapped", () => {
  const host = "eur01.safelinks.protection.outlook.com";
  const text = wrapped(host).replace("https", "hxxps").replace(host, host.replaceAll(".", "[.]"));
  expect(unwrapSafeLink(text)).toMatchObject({ text: target });
});

test("a Safe Link within a Safe Link is unwrapped to the end", () => {
  const inner = wrapped("nam01.safelinks.protection.outlook.com");
  const outer = "eur01.safelinks.protection.outlook.com";
  expect(unwrapSafeLink(wrapped(outer, inner))).toEqual({ text: target, safeLink: safeLink(outer) });
});

test.each([
  target,
  "",
  "not a link",
  "https://safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fcontoso.com",
  "https://evil-safelinks.protection.outlook.com/?url=https%3A%2F%2Fcontoso.com",
  "https://eur01.safelinks.protection.outlook.com/?data=nothing",
])("%j is left as it is", (text) => {
  expect(unwrapSafeLink(text)).toEqual({ text });
});
