import { describe, expect, test } from "vitest";
import { defang, defangText, refang } from "../../../domain/indicators/defang";

describe("defang", () => {
  test.each([
    [
      "url",
      "https://evil.contoso.com/a.php?u=http://x.com/",
      "hxxps://evil[.]contoso[.]com/a.php?u=hxxp://x[.]com/",
    ],
    ["url", "http://[2606:4700::1111]:8080/x", "hxxp://[2606:4700::1111]:8080/x"],
    ["domain", "evil.contoso.com", "evil[.]contoso[.]com"],
    ["address", "8.8.8.8", "8[.]8[.]8[.]8"],
    ["address", "2606:4700:4700::1111", "2606:4700:4700::1111"],
    ["file", "44d88612fea8a8f36de82e1278abb02f", "44d88612fea8a8f36de82e1278abb02f"],
  ] as const)("makes nothing clickable of the %s %s", (kind, value, expected) => {
    expect(defang({ kind, value })).toBe(expected);
  });
});

describe("defangText", () => {
  test.each([
    ["see HTTPS://evil.contoso.com/x now", "see hxxps://evil[.]contoso[.]com/x now"],
    ["ftp://files.contoso.com", "fxp://files[.]contoso[.]com"],
    ["go to www.contoso.com", "go to www[.]contoso[.]com"],
    [
      "x?u=%20https://contoso.com&v=%20www.contoso.com",
      "x?u=%20hxxps://contoso[.]com&v=%20www[.]contoso[.]com",
    ],
    ["evil-login.contoso.org", "evil-login[.]contoso[.]org"],
    ["почта.рф and evil。com", "почта[.]рф and evil[.]com"],
    ["joe@evil.com", "joe[@]evil[.]com"],
    ["mailto:joe@münchen.de", "mailto:joe[@]münchen[.]de"],
    ["setup.zip is not setup.exe", "setup[.]zip is not setup.exe"],
    ["a Mono/.Net assembly", "a Mono/.Net assembly"],
    ["It calls evil.com. Then it ends.", "It calls evil[.]com. Then it ends."],
    ["file://srv/x", "file[://]srv/x"],
    ["(//evil/x)", "(/ /evil/x)"],
    ["://x", "[://]x"],
    ["http://a.examplehttps://b.example", "hxxp://a[.]examplehxxps://b[.]example"],
    ["ftp://a.exampleHTTP://b.example", "fxp://a[.]examplehxxp://b[.]example"],
    ["cmd.exe is Trojan.Win32 in 10.0.26100", "cmd.exe is Trojan.Win32 in 10.0.26100"],
  ])("%s", (text, expected) => {
    expect(defangText(text)).toBe(expected);
    expect(defangText(expected)).toBe(expected);
  });
});

test.each([
  ["hxxps://evil[.]contoso[.]com/", "https://evil.contoso.com/"],
  ["h**p://contoso(.)com", "http://contoso.com"],
  ["hxxp[://]contoso{.}com", "http://contoso.com"],
  ["contoso[dot]com", "contoso.com"],
  ["https://contoso.com/", "https://contoso.com/"],
])("refang makes an address of %s again", (text, expected) => expect(refang(text)).toBe(expected));
