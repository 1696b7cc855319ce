import { convert } from "html-to-text";
import { describe, expect, test } from "vitest";
import { encodeMarkup, encodePlain, encodeText } from "../../templates/encode";

describe("encodeText", () => {
  test.each([
    ["a tag", "<img src=x onerror=alert(1)>", "&#60;img src=x onerror=alert&#40;1&#41;&#62;"],
    ["the end of an attribute", `" onmouseover='x`, "&#34; onmouseover=&#39;x"],
    ["an entity", "&lt;b&gt;", "&#38;lt;b&#38;gt;"],
    [
      "a Markdown link",
      "[click](javascript:alert(1))",
      "&#91;click&#93;&#40;javascript:alert&#40;1&#41;&#41;",
    ],
    ["a Markdown image", "![x](y)", "&#33;&#91;x&#93;&#40;y&#41;"],
    [
      "emphasis, code, heading, table, strike",
      "*a* _b_ `c` #d |e| ~f~ \\g",
      "&#42;a&#42; &#95;b&#95; &#96;c&#96; &#35;d &#124;e&#124; &#126;f&#126; &#92;g",
    ],
    ["a URL", "https://evil.contoso.com/x", "hxxps://evil&#91;.&#93;contoso&#91;.&#93;com/x"],
    ["a host that a portal may link", "www.contoso.com", "www&#91;.&#93;contoso.com"],
    ["line breaks", "a\r\nb\n\n\tc\u2028d", "a b c d"],
    ["control characters", "a\u0000b\u001b[31m\u007f\u0085c", "ab&#91;31mc"],
    ["a bidirectional override", "invoice\u202efdp.exe \u2066x\u2069", "invoicefdp.exe x"],
    ["zero-width characters", "mic\u200bro\u200dso\u00adft", "microsoft"],
    ["tag characters", "ok\u{e0041}\u{e0042}", "ok"],
    ["half a character", "a\ud800b\udc00", "ab"],
    [
      "a URL with an invisible character in its scheme",
      "ht\u200btps://evil.contoso.com/",
      "hxxps://evil&#91;.&#93;contoso&#91;.&#93;com/",
    ],
    ["nothing", undefined, ""],
    ["null", null, ""],
    ["a number", 7, "7"],
  ])("makes text of %s", (_, value, expected) => expect(encodeText(value)).toBe(expected));

  test("leaves letters of all scripts and emoji as they are", () => {
    expect(encodeText("Rechnung für Zoë: счёт, 請求書 💾")).toBe("Rechnung für Zoë: счёт, 請求書 💾");
  });

  test("is read as the text it was", () => {
    const text = `a<b>c & "d" 'e' *f* _g_ [h](i) |j| ~k~ #l !m \\n \`o\``;
    expect(convert(encodeText(text), { wordwrap: false })).toBe(text);
  });

  test("lets no character of markup through, whatever surrounds it", () => {
    const characters = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code));
    for (const one of characters) {
      const encoded = encodeText(`x${one}y${one}${one}z`);
      expect(encoded.replace(/&#\d+;/g, "")).not.toMatch(/[<>"'`*_[\]()|~#!\\&\p{Cc}\p{Cf}]/u);
    }
  });
});

test("encodeMarkup keeps addresses whole, for attributes", () => {
  expect(encodeMarkup("https://a.com/?x=(1)&y='z'")).toBe("https://a.com/?x=&#40;1&#41;&#38;y=&#39;z&#39;");
});

describe("encodePlain", () => {
  test.each([
    ["tags", "<img src=x onerror=alert(1)>", "‹img src=x onerror=alert(1)›"],
    ["an autolink", "<https://evil.contoso.com/>", "‹hxxps://evil[.]contoso[.]com/›"],
    ["emphasis", "**b** _i_ __s__ ~~d~~ `c`", "∗∗b∗∗ ＿i＿ ＿＿s＿＿ ∼∼d∼∼ 'c'"],
    ["a link", "[a](javascript:b)", "[a] (javascript:b)"],
    ["an image", "![a](http://evil.com/x.png)", "![a] (hxxp://evil[.]com/x.png)"],
    ["a link by reference, and its target", "[a][b] [b]: x", "[a] [b] [b] : x"],
    ["a web address", "www.evil.com", "www[.]evil.com"],
    ["a mail address", "ann@contoso.com", "ann[@]contoso.com"],
    ["several lines", "one\n# two\u2028- three", "one # two - three"],
    ["invisible characters", "ht\u200btps://a.com \u202egpj", "hxxps://a[.]com gpj"],
    ["nothing", undefined, ""],
  ])("makes text of %s", (_, value, expected) => expect(encodePlain(value)).toBe(expected));

  test.each([
    "C:\\Users\\ann\\my_file_v2 (1).exe",
    "evil[.]contoso[.]com:8080",
    "Rechnung für Zoë & Söhne: счёт, 請求書 💾",
    "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
  ])("leaves %s as it is", (text) => expect(encodePlain(text)).toBe(text));
});
