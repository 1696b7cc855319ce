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
    ["https://evil.onion/", "left out: URL with onion service"],
    ["http://[2002:a14:1e28::1]/", "left out: URL with private address"],
    ["http://3232235777/", "left out: URL with private address"],
    ["http://user:p%40ss@contoso.com/x", "http://contoso.com/x"],
    ["HTTP:\\\\CONTOSO.com\\x", "http://contoso.com/x"],
    ["http://аррӏе.com/", "http://xn--80ak6aa92e.com/"],
    ["\\\\138.128.150.133\\share\\invoice.exe", "left out: UNC path"],
    ["//?/UNC/srv/share", "left out: UNC path"],
    ["\\\\138.128.150.133@SSL@8443\\DavWWWRoot\\a.exe", "left out: UNC path"],
    ["\\contoso.com\\share\\a.exe", "left out: file path"],
    ["C:\\Users\\ann\\a.exe", "left out: file path"],
    ["c:/Users/ann/a.exe", "left out: file path"],
    ["file://138.128.150.133/share/invoice.exe", "left out: neither http nor https"],
    [`data:text/html,${"a".repeat(100_000)}`, "left out: neither http nor https"],
    ["fxp://contoso.com/x", "left out: neither http nor https"],
    ["ftp://contoso.com/x", "left out: neither http nor https"],
    ["javascript:alert(1)", "left out: neither http nor https"],
    ["mailto:a@contoso.com", "left out: neither http nor https"],
    ["http://", "left out: not a valid URL"],
    ["", "left out: not a valid URL"],
    ["http://exa%00mple.com/", "left out: not a valid URL"],
    [`http://contoso.com/${"a".repeat(4_000)}`, "left out: URL longer than 4000 characters"],
    [`http://contoso.com/${"ü".repeat(1_000)}`, "left out: URL longer than 4000 characters"],
    [`http://${"文".repeat(1_000)}.com/`, "left out: not a valid URL"],
    [`http://${"u".repeat(2_000)}:x@contoso.com/`, "http://contoso.com/"],
    [`http://contoso.com/#${"a".repeat(100_000)}`, "http://contoso.com/"],
  ])("%s is %s", (text, expected) => expect(readingOf(text)).toBe(expected));

  test("of 2,000 characters and more are looked up whole", () => {
    const long = `http://contoso.com/${"a".repeat(2_500)}`;
    expect(readingOf(long)).toBe(long);
  });
});

describe("the fragment of a URL", () => {
  const fragmentOf = (text: string) => {
    const reading = urlFrom(text);
    return reading.kind === "lookup" ? reading.fragment : "left out";
  };

  test.each([
    { text: "https://contoso.com/#/login?e=dmljdGlt", fragment: "#/login?e=dmljdGlt" },
    { text: "https://contoso.com/a?b=c#d#e", fragment: "#d#e" },
    { text: "hxxps://contoso[.]com/#a b", fragment: "#a%20b" },
    { text: "contoso.com/x#y", fragment: "#y" },
    { text: "https://contoso.com/#", fragment: undefined },
    { text: "https://contoso.com/", fragment: undefined },
  ])("of $text is $fragment", ({ text, fragment }) => expect(fragmentOf(text)).toBe(fragment));

  test("is kept whole, or not at all when it is too long", () => {
    const longest = `#${"a".repeat(999)}`;
    expect(fragmentOf(`https://contoso.com/${longest}`)).toBe(longest);
    expect(fragmentOf(`https://contoso.com/${longest}a`)).toBeUndefined();
    expect(fragmentOf(`https://contoso.com/#${"ü".repeat(500)}`)).toBeUndefined();
  });
});

test.each([
  { text: "http://", unreadable: true },
  { text: `http://contoso.com/${"a".repeat(4_000)}`, unreadable: true },
  { text: "http://exa mple.com/", unreadable: true },
  { text: "http://a..b.com/", unreadable: true },
  { text: "ftp://contoso.com/", unreadable: undefined },
  { text: "https://intranet/", unreadable: undefined },
])("$text is unreadable: $unreadable", ({ text, unreadable }) => {
  expect("unreadable" in urlFrom(text) || undefined).toBe(unreadable);
});
