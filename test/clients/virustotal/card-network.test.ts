import { describe, expect, it } from "vitest";
import { sectionsOf } from "./card-setup";

describe("the card of an address, a domain or a URL", () => {
  it("shows of an address its network and owner", () => {
    expect(Object.entries(sectionsOf("address", "ip-malicious"))).toEqual([
      [
        "Analyses",
        [
          ["Rated harmless", "77"],
          ["Rated malicious", "4"],
          ["Rated suspicious", "0"],
          ["Undetected, not rated", "12"],
          ["Engines", "Webroot (malicious), BitDefender (malware), G-Data (malware), ESET (malware)"],
        ],
      ],
      [
        "Community Score",
        [
          ["Malicious", "0"],
          ["Harmless", "1"],
        ],
      ],
      [
        "Basic Properties",
        [
          ["Network", "138.128.150.0/24"],
          ["Autonomous System Number", "13886"],
          ["Autonomous System Label", "CLOUD-SOUTH"],
          ["Regional Internet Registry", "RIPE NCC"],
          ["Country", "GB"],
          ["Continent", "EU"],
        ],
      ],
    ]);
  });

  it("shows of an IP address the fingerprint of its TLS server", () => {
    const { "Basic Properties": rows } = sectionsOf("address", "ip-clean");
    expect(Object.fromEntries(rows ?? []).JARM).toMatch(/^29d3fd00029d29d21c42d43d00041d/);
  });

  it("shows of a domain its registration, ranks and categories", () => {
    const sections = sectionsOf("domain", "domain-clean-one-engine-fp", { expiration_date: 1852513200 });
    expect(Object.keys(sections)).toEqual(["Analyses", "Community Score", "Registration", "Reputation"]);
    expect(sections.Analyses?.at(-1)).toEqual(["Engines", "Cyble (malware)"]);
    expect(sections.Registration).toEqual([
      ["Registrar", "MarkMonitor Inc."],
      ["Registered", "1997-09-15 07:00 UTC (29 years old)"],
      ["Updated", "2019-09-09 15:39 UTC"],
      ["Expires", "2028-09-14 03:00 UTC"],
    ]);
    expect(sections.Reputation).toEqual([
      [
        "Categories",
        "search engines and portals, search engines, searchengines, mobile communications and 1 more",
      ],
      ["Popularity ranks", "Majestic 1, Statvoo 1, Alexa 1, Quantcast 1 and 1 more"],
    ]);
  });

  it("shows of a URL where it leads to and what is there", () => {
    const sections = sectionsOf("url", "url-redirect-phishing");
    expect(sections.Threat).toEqual([["Names", "Mal/HTMLGen-A"]]);
    expect(sections.Page).toEqual([
      ["Final URL", "https://198.51.100.23/owa/auth/logon.html"],
      [
        "Redirects",
        "http://login-update.example.net/secure/ → https://login-update.example.net/secure/ → https://198.51.100.23/owa/auth/logon.html",
      ],
      ["Title", "Sign in to your account"],
      ["HTTP status", "200"],
      ["Categories", "phishing and other frauds, phishing and fraud, Phishing (alphaMountain.ai)"],
      ["Tags", "base64-embedded, external-resources"],
    ]);
    expect(sections.History?.at(-1)).toEqual(["Last Analysis", expect.stringMatching(/ UTC$/)]);
  });

  it("shows what Google Threat Intelligence says, as far as it says anything", () => {
    const gti = (assessment: object) =>
      sectionsOf("address", "ip-malicious", { gti_assessment: assessment })["Google Threat Intelligence"];
    const severity = { value: "SEVERITY_HIGH" };
    expect(gti({ verdict: { value: "VERDICT_MALICIOUS" }, severity, threat_score: { value: 92 } })).toEqual([
      ["Verdict", "malicious"],
      ["Severity", "high"],
      ["Threat score", "92 of 100"],
    ]);
    expect(gti({ severity, threat_score: { value: 101 } })).toEqual([["Severity", "high"]]);
    expect(gti({ verdict: { value: "__proto__" }, severity: null })).toBeUndefined();
  });

  it("shows the community's notes with their dates, newest first, undated ones last", () => {
    const notes = [
      { title: "Without a date", timestamp: 0 },
      {
        title: "ThreatFox IOCs",
        details: "C2 server",
        source: "ThreatFox",
        severity: "HIGH",
        timestamp: 1694383565,
      },
      { details: "Scanner", source: "GreyNoise", timestamp: 1794383565 },
      { title: "Older", timestamp: 1594383565 },
      { title: " " },
      null,
    ];
    expect(
      sectionsOf("address", "ip-clean", { crowdsourced_context: notes })["Crowdsourced Context"],
    ).toEqual([
      ["2026-11-11 (GreyNoise)", "Scanner"],
      ["2023-09-10 (ThreatFox, high)", "C2 server"],
      ["2020-07-10", "Older"],
    ]);
  });
});
