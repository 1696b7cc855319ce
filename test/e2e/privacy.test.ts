import { createHash } from "node:crypto";
import { convert } from "html-to-text";
import { expect, it } from "vitest";
import type { SimulatorRequest } from "../../local/simulators/simulator";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address, domain, fileHash, url } from "../support/entities";

const { cleanFile, maliciousFile, maliciousDomain, maliciousAddress, cleanAddress, maliciousUrl } =
  knownToVirusTotal;
const text = (html: string) => convert(html, { wordwrap: false });

/** VirusTotal takes a URL as base64 in the path. */
function spelledOut({ rawPath, path, body, headers }: SimulatorRequest): string {
  const encoded = rawPath.split("/").at(-1) ?? "";
  return [rawPath, path, body, JSON.stringify(headers), Buffer.from(encoded, "base64url").toString()].join(
    "\n",
  );
}

/**
 * Everything that left for a service, Microsoft Sentinel aside: what is there came from there. The workspace's own logs
 * are in the tenant, and are asked by the workspace's id; what they are asked is to name no person either.
 */
function sent({ services }: Enricher): string {
  const { virustotal, intezer, logAnalytics } = services;
  const left = [virustotal, intezer].flatMap(({ requests }) => requests).map(spelledOut);
  return [...left, ...logAnalytics.requests.map(({ body }) => body)].join("\n");
}

const unlimited = { VIRUSTOTAL_REQUESTS_PER_MINUTE: "0", INTEZER_URLS: "true" };
const safeLink = (target: string) =>
  `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(target)}&data=05%7C02%7Cgrace%40contoso.com%7C0&sdata=c2lnbmF0dXJl`;

describeStories(
  {
    title: "ALLOWED_INDICATORS",
    settings: {
      ...unlimited,
      ALLOWED_INDICATORS: `contoso.com, 8.8.0.0/16, url:portal.contoso.com, ${cleanFile.sha1.toUpperCase()}`,
    },
  },
  (app) => {
    it("are never sent, left out with the setting's name in the output, and never called clean", async () => {
      const hashes = ["1", "2"].map((digit) => `a0000000-0000-4000-8000-00000000000${digit}`);
      const incident = await app().enrich({
        entities: [
          address(cleanAddress),
          domain("mail.contoso.com"),
          url("https://portal.contoso.com/start"),
          fileHash(cleanFile.sha256, "SHA256", hashes[0]),
          fileHash(cleanFile.sha1, "SHA1", hashes[1]),
          { kind: "File", properties: { fileName: "agent.exe", fileHashEntityIds: hashes } },
        ],
      });
      expect(sent(app())).not.toMatch(/contoso|8\.8\.8\.8/);
      expect(sent(app())).not.toContain(cleanFile.sha256);
      expect(sent(app())).not.toContain(cleanFile.sha1);
      expect(incident.tags).toEqual(["enriched", "verdict-unknown"]);
      expect(incident.output).toMatchObject({
        verdict: "unknown",
        indicators: 0,
        clean: 0,
        switchedOff: ["ALLOWED_INDICATORS keeps 4 indicators from being looked up."],
      });
    });

    it("are shown in the comment beside what was looked up, URLs on an allowed domain among it", async () => {
      const incident = await app().enrich({
        entities: [
          address(cleanAddress),
          domain("contoso.com"),
          domain("contoso.com.evil.example.net"),
          url("https://www.contoso.com/start"),
          fileHash(maliciousFile.sha256),
        ],
      });
      expect(sent(app())).toContain("https://www.contoso.com/start");
      expect(sent(app())).toContain("contoso.com.evil.example.net");
      expect(sent(app())).not.toContain(cleanAddress);
      expect(incident.output).toMatchObject({ indicators: 3, malicious: 1 });
      expect(text(incident.comment)).toContain(
        "contoso[.]com, 8[.]8[.]8[.]8 (on the list of allowed indicators)",
      );
      expect(text(incident.comment)).not.toContain("ALLOWED_INDICATORS");
      expect(incident.output.switchedOff).toContain(
        "ALLOWED_INDICATORS keeps 2 indicators from being looked up.",
      );
    });
  },
);

const privateUrls = [
  "https://mail.example.net/unsubscribe?m=grace@contoso.com",
  "https://app.example.net/reset/grace%40contoso.com",
  "https://app.example.net/?jwt=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJncmFjZSJ9.c2lnbmF0dXJl",
  "https://app.example.net/cb?code=S3CRET&state=1",
  "https://acme.example.net/f?sv=2026&sig=S3CRET",
  "https://r.example.net/?to=https%3A%2F%2Fapp.example.net%2F%3Fsession%3DS3CRET",
];
const secrets = /grace|S3CRET|eyJhbGci|c2lnbmF0dXJl/;

describeStories({ title: "URL_DETAIL=safe" }, (app) => {
  it("sends private URLs to no provider, and says so without repeating what is private", async () => {
    const incident = await app().enrich({ entities: [...privateUrls, maliciousUrl].map(url) });
    expect(sent(app())).not.toMatch(secrets);
    expect(sent(app())).not.toContain("app.example.net");
    expect(incident.output).toMatchObject({ indicators: privateUrls.length + 1, malicious: 1 });
    const comment = text(incident.comment);
    expect(comment).toContain("only the fingerprint (SHA-256) was sent");
    expect(comment).toContain(
      "Sent to VirusTotal: 1 URL, the fingerprints of 6 URLs. Sent to Intezer: 1 URL.",
    );
    expect(comment).toContain("hxxps://acme[.]example[.]net/f");
    expect(comment).not.toMatch(secrets);
  });

  it("keeps what is private out of the run's history, too", async () => {
    const { run, armId } = await app().enrich({ entities: privateUrls.map(url) });
    expect(run.runtimeStatus).toBe("Completed");
    const recorded = JSON.stringify(await app().instances(armId.split("/").at(-1)));
    expect(recorded).toContain("app.example.net");
    expect(recorded).not.toMatch(secrets);
    expect(app().log.join("\n")).not.toMatch(secrets);
  });

  it("looks up what is within a Safe Link, shows both, and never sends the link's recipient", async () => {
    const incident = await app().enrich({ entities: [url(safeLink(maliciousUrl))] });
    expect(sent(app())).not.toMatch(/safelinks|grace/);
    expect(incident.output.findings).toEqual([{ kind: "url", value: maliciousUrl, verdict: "malicious" }]);
    const comment = text(incident.comment);
    expect(comment).toContain("hxxp://login-update[.]example[.]net/secure/");
    expect(comment).toContain(
      "From the Safe Link hxxps://eur01[.]safelinks[.]protection[.]outlook[.]com/?url=",
    );
  });

  it("judges a Safe Link by the URL within it", async () => {
    const incident = await app().enrich({ entities: privateUrls.map((target) => url(safeLink(target))) });
    expect(sent(app())).not.toMatch(/safelinks|grace|S3CRET/);
    expect(incident.output).toMatchObject({ verdict: "unknown", indicators: privateUrls.length });
  });

  it("says of a part after # that it was not looked up, and sends none that is private", async () => {
    const pages = ["https://a.example.net/#/login", "https://b.example.net/#grace@contoso.com"];
    const incident = await app().enrich({ entities: pages.map(url) });
    expect(sent(app())).not.toContain("grace");
    const comment = text(incident.comment);
    expect(comment).toContain("The part after # was not looked up in VirusTotal.");
    expect(comment).toContain("The part after # was not looked up.");
    expect(comment).not.toContain("grace");
  });

  it("finds what VirusTotal knows of a private URL by its fingerprint", async () => {
    const known = "https://phish.example.net/login?token=S3CRET";
    app().services.virustotal.add({
      type: "url",
      id: createHash("sha256").update(known).digest("hex"),
      attributes: { last_analysis_stats: { malicious: 60, harmless: 20, undetected: 10, suspicious: 0 } },
    });
    const incident = await app().enrich({ entities: [url(known)] });
    expect(incident.output).toMatchObject({ verdict: "malicious", indicators: 1 });
    expect(sent(app())).not.toMatch(/phish|S3CRET/);
    expect(text(incident.comment)).not.toContain("S3CRET");
  });
});

describeStories({ title: "URL_DETAIL=full", settings: { ...unlimited, URL_DETAIL: "full" } }, (app) => {
  it("sends URLs as they are", async () => {
    const incident = await app().enrich({ entities: privateUrls.map(url) });
    expect(incident.output).toMatchObject({ indicators: privateUrls.length });
    expect(sent(app())).toContain("sig=S3CRET");
  });
});

describeStories({ title: "Everything but indicators" }, (app) => {
  it("stays here: title, people, machines, mail, private addresses and our own keys", async () => {
    await app().enrich({
      title: "Mail to Grace Hopper",
      entities: [
        { kind: "Account", properties: { accountName: "grace", upnSuffix: "contoso.com" } },
        { kind: "Host", properties: { hostName: "WS-0815" } },
        { kind: "Mailbox", properties: { mailboxPrimaryAddress: "grace@contoso.com" } },
        { kind: "MailMessage", properties: { recipient: "grace@contoso.com", subject: "Salary" } },
        { kind: "Process", properties: { commandLine: "reader.exe Salary.pdf" } },
        address("10.20.30.40"),
        domain("dc01.contoso.local"),
        url("http://intranet/salary"),
        url("https://grace:S3CRET@files.example.net/a#grace@contoso.com"),
        domain(maliciousDomain),
        address(maliciousAddress),
      ],
    });
    const all = sent(app());
    expect(all).toContain(maliciousDomain);
    expect(all).toContain("https://files.example.net/a");
    expect(all).not.toMatch(/grace|contoso|WS-0815|salary|10\.20\.30\.40|S3CRET|rg-soc|law-soc/i);
    const { virustotal, intezer } = app().services;
    expect(JSON.stringify(virustotal.requests)).not.toContain("intezer-key-of-the-simulator");
    expect(JSON.stringify(intezer.requests)).not.toContain("virustotal-key-of-the-simulator");
    expect(app().log.join("\n")).not.toMatch(/-of-the-simulator/);
  });
});
