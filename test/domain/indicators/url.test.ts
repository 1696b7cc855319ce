import { describe, expect, test } from "vitest";
import { urlFrom } from "../../../domain/indicators/url";

/** What comes of a text: the canonical value, or why it is left out. */
function readingOf(text: string): string {
  const reading = urlFrom(text);
  return reading.kind === "lookup" ? reading.value : `left out: ${reading.reason}`;
}

describe("urlFrom", () => {
  test.each([
    ["https://Contoso.COM:443/A?b=C#frag", "https://contoso.com/A?b=C"],
    ["http://user:secret@contoso.com/", "http://contoso.com/"],
    ["hxxps://evil[.]contoso[.]com/", "https://evil.contoso.com/"],
    ["hxxp[:]//evil(.)contoso[dot]com/a[.]php", "http://evil.contoso.com/a.php"],
    ["hXXps[://]contoso{.}com", "https://contoso.com/"],
    ["http://contoso.com/a[.]b", "http://contoso.com/a[.]b"],
    ["www.contoso.com/path with space", "http://www.contoso.com/path%20with%20space"],
    ["//contoso.com/x", "http://contoso.com/x"],
    ["contoso.com:8080/x", "http://contoso.com:8080/x"],
    ["http://contoso.com./x", "http://contoso.com/x"],
    ["https://пример.com/путь", "https://xn--e1afmkfd.com/%D0%BF%D1%83%D1%82%D1%8C"],
    ["http://[2606:4700:4700::1111]:8080/x?y#frag", "http://[2606:4700:4700::1111]:8080/x?y"],
    ["http://134744072/", "http://8.8.8.8/"],
    ["http://0x7f.1/", "left out: URL with loopback address"],
    ["http://2130706433/", "left out: URL with loopback address"],
    ["http://[::ffff:10.0.0.1]/", "left out: URL with private address"],
    ["http://10.0.0.1:8080/admin", "left out: URL with private address"],
    ["http://169.254.169.254/metadata", "left out: URL with link-local address"],
    ["http://localhost:3000/", "left out: URL with single-label name"],
    ["https://intranet/", "left out: URL with single-label name"],
    ["https://wiki.corp/", "left out: URL with internal name"],
    ["ftp://contoso.com/x", "left out: neither http nor https"],
    ["javascript:alert(1)", "left out: neither http nor https"],
    ["mailto:a@contoso.com", "left out: neither http nor https"],
    ["http://", "left out: no valid URL"],
    ["", "left out: no valid URL"],
    ["http://exa%00mple.com/", "left out: no valid URL"],
    [`http://contoso.com/${"a".repeat(4_000)}`, "left out: URL longer than 4000 characters"],
  ])("%s is %s", (text, expected) => expect(readingOf(text)).toBe(expected));

  test("of 2,000 characters and more are looked up whole", () => {
    const long = `http://contoso.com/${"a".repeat(2_500)}`;
    expect(readingOf(long)).toBe(long);
  });
});
