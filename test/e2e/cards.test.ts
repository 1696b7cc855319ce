import { convert } from "html-to-text";
import { expect, it } from "vitest";
import { confirmedThreat } from "../../local/simulators/intezer-data";
import { sampleIncident } from "../../local/simulators/sample-incident";
import type { VirusTotalObject } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { address, fileHash } from "../support/entities";

const unlimited = {
  VIRUSTOTAL_REQUESTS_PER_MINUTE: "0",
  VIRUSTOTAL_REQUESTS_PER_DAY: "0",
  VIRUSTOTAL_REQUESTS_PER_MONTH: "0",
};

/** No hash of nothing, as one repeated digit would be. */
const sha256 = "c1".repeat(32);

const seconds = (day: number) => Date.UTC(2026, 9, day, 10, 30) / 1000;

/** A report of a file with a value of its own for each field that the replaced playbook showed. */
const file: VirusTotalObject = {
  type: "file",
  id: sha256,
  attributes: {
    meaningful_name: "meaningful.exe",
    md5: "1".repeat(32),
    sha1: "2".repeat(40),
    sha256,
    type_description: "Win32 EXE",
    magic: "PE32 executable for MS Windows",
    size: 123456,
    sigma_analysis_stats: { critical: 11, high: 12, medium: 13, low: 14 },
    crowdsourced_ids_stats: { high: 21, medium: 22, low: 23, info: 24 },
    last_analysis_stats: { harmless: 1, malicious: 32, suspicious: 3, undetected: 34 },
    total_votes: { malicious: 41, harmless: 42 },
    creation_date: seconds(1),
    first_submission_date: seconds(2),
    last_submission_date: seconds(3),
    last_analysis_date: seconds(4),
    last_modification_date: seconds(5),
    trusted_verdict: { organization: "Contoso Corporation", filename: "known.exe", verdict: "goodware" },
    signature_info: {
      verified: "Signed",
      copyright: "(c) Contoso",
      product: "Contoso Suite",
      description: "Does it all",
      "original name": "original.exe",
      "internal name": "internal-name",
      "file version": "10.4.1",
      "signing date": "09:05 AM 02/01/2026",
    },
  },
};

const host: VirusTotalObject = {
  type: "ip_address",
  id: "93.184.216.34",
  attributes: {
    last_analysis_stats: { harmless: 51, malicious: 52, suspicious: 4, undetected: 54 },
    total_votes: { malicious: 61, harmless: 62 },
    network: "93.184.216.0/24",
    asn: 15133,
    as_owner: "EDGECAST",
    regional_internet_registry: "ARIN",
    country: "US",
    continent: "NA",
  },
};

/** Field of the playbook's comment, and what stands in ours. */
const fields: readonly (readonly [field: string, text: string])[] = [
  ["meaningful_name", "Name: meaningful.exe;"],
  ["data.id", sha256],
  ["sigma_analysis_stats", "Critical: 11; High: 12; Medium: 13; Low: 14."],
  ["crowdsourced_ids_stats", "High: 21; Medium: 22; Low: 23; Info: 24."],
  ["last_analysis_stats", "Harmless: 1; Malicious: 32; Suspicious: 3; Undetected: 34."],
  ["total_votes", "Malicious: 41; Harmless: 42."],
  ["md5", `MD5: ${"1".repeat(32)};`],
  ["sha1", `SHA-1: ${"2".repeat(40)};`],
  ["sha256", `SHA-256: ${sha256};`],
  ["type_description", "File type: Win32 EXE;"],
  ["magic", "Magic: PE32 executable for MS Windows;"],
  ["size", "File size: 123456 bytes."],
  ["creation_date", "Creation Time: 2026-10-01 10:30 UTC;"],
  ["first_submission_date", "First Submission: 2026-10-02 10:30 UTC;"],
  ["last_submission_date", "Last Submission: 2026-10-03 10:30 UTC;"],
  ["last_analysis_date", "Last Analysis: 2026-10-04 10:30 UTC;"],
  ["last_modification_date", "Last Change of the Record: 2026-10-05 10:30 UTC."],
  ["trusted_verdict.organization", "Organization: Contoso Corporation;"],
  ["trusted_verdict.filename", "File name: known.exe."],
  ["signature_info.verified", "Signature verification: Signed;"],
  ["signature_info.copyright", "Copyright: (c) Contoso;"],
  ["signature_info.product", "Product: Contoso Suite;"],
  ["signature_info.description", "Description: Does it all;"],
  ["signature_info.original name", "Original name: original.exe;"],
  ["signature_info.internal name", "Internal name: internal-name;"],
  ["signature_info.file version", "File version: 10.4.1;"],
  ["signature_info.signing date", "Date signed: 09:05 AM 02/01/2026."],
  ["the file's full report", `https://www.virustotal.com/gui/file/${sha256}`],
  [
    "the address's last_analysis_stats",
    "Rated harmless: 51; Rated malicious: 52; Rated suspicious: 4; Undetected, not rated: 54.",
  ],
  ["the address's total_votes", "Malicious: 61; Harmless: 62."],
  ["network", "Network: 93.184.216.0/24;"],
  ["asn", "Autonomous System Number: 15133;"],
  ["as_owner", "Autonomous System Label: EDGECAST;"],
  ["regional_internet_registry", "Regional Internet Registry: ARIN;"],
  ["country", "Country: US;"],
  ["continent", "Continent: NA."],
  ["the address's full report", "https://www.virustotal.com/gui/ip-address/93.184.216.34"],
];

const readable = (html: string) => convert(html, { wordwrap: false });

describeStories({ title: "Details of the worst, in HTML", settings: unlimited }, (app) => {
  it("are the most important facts, without zeros and times, and all hashes", async () => {
    app().services.virustotal.add(file);
    const incident = await app().enrich({ entities: [fileHash(file.id)] });
    const text = readable(incident.comment);
    for (const said of [
      "Sigma: 11 critical, 12 high, 13 medium, 14 low.",
      "IDS: 21 high, 22 medium, 23 low.",
      "Votes: 41 malicious, 42 harmless.",
      "First seen 2026-10-02.",
      "123 kB, PE32 executable for MS Windows.",
      `MD5 ${"1".repeat(32)}`,
      `SHA-1 ${"2".repeat(40)}`,
      `SHA-256 ${sha256}`,
    ])
      expect(text).toContain(said);
    expect(text).not.toMatch(/\b0 (critical|high|medium|low|malicious|harmless)|\d bytes|10:30 UTC/);
  });

  it("show of an ordinary incident what Intezer found, and of clean indicators nothing", async () => {
    const { comment } = await app().enrich(sampleIncident);
    const text = readable(comment);
    expect(text).toContain("279 of 412 genes shared with AgentTesla, 31 found nowhere else.");
    expect(text).toContain("Injects code into another process, T1055, high");
    expect(comment.match(/<h4>Details: (file|URL|domain) [^<]*<\/h4>/g)).toHaveLength(3);
    expect(text).not.toContain("236 harmless");
    expect(comment.length).toBeLessThanOrEqual(4_500);
  });

  it("do without what Intezer's plan does not include", async () => {
    const { intezer } = app().services;
    const isExtra = ({ path }: { path: string }) => /dynamic-ttps|code-reuse|metadata/.test(path);
    const fault = { status: 403, json: { error: "Insufficient Permissions" } };
    intezer.script({ match: isExtra, fault, times: 3 });
    const incident = await app().enrich(sampleIncident);
    expect(incident.tags).toEqual(["enriched", "threat-found"]);
    expect(readable(incident.comment)).not.toContain("genes");
  });
});

describeStories(
  { title: "The comment of the demo", settings: { ...unlimited, INTEZER_ALERTS: "submit" } },
  (app) => {
    it("has indicators, triage and details in at most 4,500 characters", async () => {
      const { comment } = await app().enrich(sampleIncident);
      expect(comment.length).toBeLessThanOrEqual(4_500);
      expect(readable(comment)).toMatch(
        /THREAT FOUND: 3 OF 6.*Confirmed Threat.*Unknown \(1\).*DETAILS: DOMAIN/s,
      );
    });
  },
);

describeStories(
  {
    title: "Cards of all, as text",
    settings: { ...unlimited, COMMENT_DETAIL: "full", COMMENT_FORMAT: "text", INTEZER_ALERTS: "listen" },
  },
  (app) => {
    it("show every field that the replaced VirusTotal playbook showed", async () => {
      app().services.virustotal.add(file);
      app().services.virustotal.add(host);
      const { comment } = await app().enrich({ entities: [fileHash(file.id), address(host.id)] });
      expect(fields.filter(([, shown]) => !comment.includes(shown)).map(([field]) => field)).toEqual([]);
      expect(comment.length).toBeLessThan(6_000);
    });

    it("show clean indicators as well, without a tag", async () => {
      const { comment } = await app().enrich(sampleIncident);
      expect(comment).not.toMatch(/[<>]/);
      expect(comment.split("\n")[0]).toBe("Threat found: 3 of 6 indicators are malicious.");
      expect(comment).toContain("Details: IP address 8[.]8[.]8[.]8");
      expect(comment).toContain("Autonomous System Label: GOOGLE");
      expect(comment).toContain("(https://www.virustotal.com/gui/ip-address/8.8.8.8)");
    });

    it("show as many as fit", async () => {
      const hosts = Array.from({ length: 60 }, (_, i) => `93.184.217.${i + 1}`);
      for (const id of hosts)
        app().services.virustotal.add({
          ...host,
          id,
          attributes: {
            ...host.attributes,
            as_owner: `NETWORK ${"OF CONTOSO ".repeat(7)}`,
            last_analysis_stats: { harmless: 90, malicious: 0 },
          },
        });
      const { comment } = await app().enrich({ entities: hosts.map(address) });
      const cards = comment.match(/^Details: IP address /gm)?.length ?? 0;
      expect(cards).toBeGreaterThan(20);
      expect(comment.length).toBeLessThanOrEqual(29_000);
    });

    it("come with a triage that arrives later, as text as well", async () => {
      const { intezer, sentinel } = app().services;
      const armId = sentinel.addIncident();
      intezer.addAlert({
        alertId: "al:1",
        alert: { raw_alert: { object: { id: armId } } },
        triage: confirmedThreat,
      });
      await intezer.fireWebhook("al:1", { body: { microsoft_sentinel_incident_id: armId } });
      await app().settled();
      const [comment] = sentinel.incident(armId).comments;
      expect(comment?.html).toMatch(/^Threat found\. Intezer's triage of the incident: Confirmed Threat\.\n/);
      expect(comment?.html).not.toMatch(/[<>]/);
    });
  },
);
