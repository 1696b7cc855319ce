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
    ["a host that a portal may link", "www.contoso.com", "www&#91;.&#93;contoso&#91;.&#93;com"],
    ["line breaks", "a\r\nb\n\n\tc\u2028d", "a b c d"],
    ["control characters", "a\u0000b\u001b[31m\u007f\u0085c", "ab&#91;31mc"],
    ["a bidirectional override", "invoice\u202efdp.exe \u2066x\u2069", "invoicefdp.exe x"],
    ["zero-width characters", "mic\u200bro\u200dso\u00adft", "microsoft"],
    ["tag characters", "ok\u{e0041}\u{e0042}", "ok"],
    ["half a character", "a\ud800b\udc00", "ab"],
    ["what only a font or a program knows", "a\ue000b\ufffcc\ufffed", "abcd"],
    ["fillers and blanks that are no white space", "a\u3164b\u115fc\uffa0d\u2800e", "abcd e"],
    ["what changes the form of a letter", "a\u034fb\ufe0fc\u{e0100}", "abc"],
    ["piled marks", `z${"\u0335\u0489".repeat(50)}a`, "z\u0335\u0489a"],
    ["marks that hang on nothing", "\u0338 \u0338a", " a"],
    [
      "a name from right to left",
      "\u05d0\u05d1 \u05d2.exe (1)",
      "\u2068\u05d0\u05d1 \u05d2\u2069.exe &#40;1&#41;",
    ],
    ["a bare domain", "evil-login.contoso.org", "evil-login&#91;.&#93;contoso&#91;.&#93;org"],
    [
      "a domain in other letters",
      "\u043f\u043e\u0447\u0442\u0430.\u0440\u0444",
      "\u043f\u043e\u0447\u0442\u0430&#91;.&#93;\u0440\u0444",
    ],
    ["a domain with another dot", "evil\u3002com", "evil&#91;.&#93;com"],
    ["a file that could be a domain", "setup.zip", "setup&#91;.&#93;zip"],
    ["a mail address", "joe@evil.com", "joe&#91;@&#93;evil&#91;.&#93;com"],
    ["an address that is defanged", "hxxps://evil[.]com/", "hxxps://evil&#91;.&#93;com/"],
    [
      "a URL with an invisible character in its scheme",
      "ht\u200btps://evil.contoso.com/",
      "hxxps://evil&#91;.&#93;contoso&#91;.&#93;com/",
    ],
    ["nothing", undefined, ""],
    ["null", null, ""],
    ["a number", 7, "7"],
  ])("makes text of %s", (_, value, expected) => expect(encodeText(value)).toBe(expected));

  test.each([
    "invoice-4711.pdf.exe",
    "Win32.Trojan.GenericKD.4711",
    "version 1.2.3",
    "8.8.8.8",
    "C:/Users/ann/report.docx",
    "e.g. this. And that",
    "Tiếng Việt",
    "Tie\u0302\u0301ng Vie\u0323\u0302t",
    "हिन्दी में",
  ])("leaves %s as it is", (text) => expect(encodeText(text)).toBe(text));

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
      const encoded = encodeText(`x${one}y${one}${one}z`).replace(/\u2068([^\u2068\u2069]*)\u2069/g, "$1");
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
    ["a link", "[a](javascript:b)", "［a］(javascript:b)"],
    ["an image", "![a](http://evil.com/x.png)", "!［a］(hxxp://evil[.]com/x.png)"],
    ["a link by reference, and its target", "[a][b] [b]: x", "［a］［b］ ［b］: x"],
    ["a link to another page of a wiki", "[[a]]", "［［a］］"],
    ["a link of another dialect", "[a|http://evil.com]", "［a|hxxp://evil[.]com］"],
    ["a web address", "www.evil.com", "www[.]evil[.]com"],
    ["an address without its scheme", "//localhost/x", "/ /localhost/x"],
    ["an address of another program", "ms-msdt://x", "ms-msdt[://]x"],
    ["a mail address", "ann@contoso.com", "ann[@]contoso[.]com"],
    ["a name that an encoder could make a link of", "pay@(//evil.com/x)", "pay[@] (/ /evil[.]com/x)"],
    ["the same with a mail address", "x@(mailto:ann@evil.com)", "x[@] (mailto:ann[@]evil[.]com)"],
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
