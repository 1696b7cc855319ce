import { describe, expect, test } from "vitest";
import { presentableUrl, privateDetailIn } from "../../../domain/indicators/url-privacy";

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";

describe("privateDetailIn", () => {
  test.each([
    ["https://shop.example/unsubscribe/alice@contoso.com", "an email address"],
    ["https://shop.example/u?m=alice%40contoso.com", "an email address"],
    ["https://shop.example/u?m=alice%2540contoso.com", "an email address"],
    ["https://shop.example/?to=o'neil+tag@mail.contoso.co.uk&x=1", "an email address"],
    [`https://app.example/${jwt}`, "a token (JWT)"],
    [`https://app.example/?x=${jwt}`, "a token (JWT)"],
    ["https://app.example/reset?token=abc", "a secret parameter"],
    ["https://app.example/cb?state=1&code=abc", "a secret parameter"],
    ["https://app.example/?accessToken=abc", "a secret parameter"],
    ["https://app.example/?RESET_PASSWORD=abc", "a secret parameter"],
    ["https://app.example/?api-key=abc", "a secret parameter"],
    ["https://acme.blob.core.windows.net/c/f?sv=2024&sig=abc", "a secret parameter"],
    ["https://s3.example/f?X-Amz-Signature=abc", "a secret parameter"],
    ["https://s3.example/f?X-Amz-Security-Token=abc", "a secret parameter"],
    ["https://app.example/a;jsessionid=12AB", "a secret parameter"],
    ["https://app.example/?PHPSESSID=12ab", "a secret parameter"],
    ["https://idp.example/acs?SAMLResponse=abc", "a secret parameter"],
    ["https://app.example/?t%6Fken=abc", "a secret parameter"],
    ["https://app.example/?token[]=abc", "a secret parameter"],
    ["https://r.example/?to=https%3A%2F%2Fapp.example%2F%3Fid%3D1%26session%3Dabc", "a secret parameter"],
    ["https://r.example/?to=https%253A%252F%252Fapp.example%252F%253Ftoken%253Dabc", "a secret parameter"],
    ["https://app.example/?a=%&token=abc", "a secret parameter"],
  ])("finds in %s %s", (url, detail) => {
    expect(privateDetailIn(url)).toBe(detail);
  });

  test.each([
    "https://login-update.example.net/secure/",
    "https://shop.example/?id=42&page=2&lang=en",
    "https://shop.example/?zipcode=80331&keyword=shoes&monkey=1",
    "https://medium.example/@alice/story",
    "https://cdn.example/npm/vue@3.2.1/dist/vue.global",
    "https://app.example/token/code/session",
    "https://app.example/?q=token",
    "https://app.example/a.b.c",
  ])("finds nothing in %s", (url) => {
    expect(privateDetailIn(url)).toBeUndefined();
  });
});

describe("presentableUrl", () => {
  test.each([
    ["https://app.example/reset?token=abc", "https://app.example/reset?…"],
    ["https://app.example/u/alice@contoso.com?x=1", "https://app.example/…"],
    ["https://app.example/reset?id=1", "https://app.example/reset?id=1"],
    ["not a URL with token=abc", "not a URL with token=abc"],
  ])("makes of %s %s", (url, shown) => {
    expect(presentableUrl(url)).toBe(shown);
  });
});
