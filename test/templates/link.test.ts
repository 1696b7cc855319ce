import { describe, expect, test } from "vitest";
import { plainLink, safeLink } from "../../templates/encode";

const hosts = [
  "www.virustotal.com",
  ".intezer.com",
  "portal.azure.com",
  "portal.azure.us",
  "security.microsoft.com",
  "security.microsoft.us",
];

describe("safeLink", () => {
  test.each([
    "https://www.virustotal.com/gui/file/275a021b",
    "https://analyze.intezer.com/analyses/1",
    "https://us.app.intezer.com/analyses/1",
    "https://security.microsoft.com/incident2/98765/overview?tid=1",
    "https://portal.azure.com/",
    "https://portal.azure.us/",
    "https://security.microsoft.us/",
  ])("leads to %s", (address) => {
    expect(safeLink(address, "report", hosts)).toBe(`<a href="${address}" target="_blank">report</a>`);
  });

  test.each([
    ["another host", "https://evil.contoso.com/"],
    ["a host that ends alike", "https://evilwww.virustotal.com/"],
    ["a host that begins alike", "https://www.virustotal.com.evil.com/"],
    ["a host that ends in Intezer's name", "https://evilintezer.com/"],
    ["Intezer's name without a host", "https://intezer.com/"],
    ["a host that begins with Intezer's name", "https://analyze.intezer.com.evil.com/"],
    ["a user that looks like a host", "https://www.virustotal.com@evil.com/"],
    ["user info", "https://user:secret@www.virustotal.com/"],
    ["another port", "https://www.virustotal.com:8443/"],
    ["http", "http://www.virustotal.com/"],
    ["a script", "javascript:alert(1)//www.virustotal.com"],
    ["data", "data:text/html,x"],
    ["a relative address", "/gui/file/1"],
    ["far too long an address", `https://www.virustotal.com/${"a".repeat(1_000)}`],
    ["nothing", undefined],
  ])("gives the bare text for %s", (_, address) => {
    expect(safeLink(address, "re<b>port", hosts)).toBe("re&#60;b&#62;port");
  });

  test("leads nowhere where no host is known", () => {
    expect(safeLink("https://www.virustotal.com/", "report", [])).toBe("report");
  });

  test("lets nothing out of the attribute", () => {
    const link = safeLink(`https://www.virustotal.com/"onmouseover="x'><b>(y)_[z]`, `<i>"`, hosts);
    expect(link).toBe(
      '<a href="https://www.virustotal.com/%22onmouseover=%22x&#39;%3E%3Cb%3E&#40;y&#41;&#95;&#91;z&#93;" target="_blank">&#60;i&#62;&#34;</a>',
    );
  });

  test("keeps an Azure portal address with its fragment", () => {
    const address = "https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/Incident/x";
    expect(safeLink(address, "Incident 1", hosts)).toContain(
      "portal.azure.com/&#35;asset/Microsoft&#95;Azure",
    );
  });
});

describe("plainLink", () => {
  test("puts the address behind the text", () => {
    expect(plainLink("https://us.app.intezer.com/url/1", "Intezer", hosts)).toBe(
      "Intezer (https://us.app.intezer.com/url/1)",
    );
  });

  test("lets the address neither end early nor become Markdown", () => {
    expect(plainLink("https://www.virustotal.com/a)[b](c)*d*~e~`f`'<g>|!", "*x*", hosts)).toBe(
      "∗x∗ (https://www.virustotal.com/a%29%5Bb%5D%28c%29%2Ad%2A%7Ee%7E%60f%60%27%3Cg%3E%7C%21)",
    );
  });

  test.each([undefined, "https://evil.contoso.com/", "http://www.virustotal.com/", "javascript:alert(1)"])(
    "gives the bare text for %s",
    (address) => expect(plainLink(address, "report", hosts)).toBe("report"),
  );
});
