import { expect, it } from "vitest";
import { commentText } from "../../commands/comment-print";
import { urlFingerprint } from "../../domain/indicators/url";
import { sampleIncident } from "../../local/simulators/sample-incident";
import {
  builtInReports,
  knownToVirusTotal,
  type VirusTotalObject,
} from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address, domain, fileHash, url } from "../support/entities";
import { bodyOf } from "../support/virustotal-fixtures";

const { maliciousFile, cleanFile, cleanAddress, maliciousAddress, maliciousDomain, maliciousUrl } =
  knownToVirusTotal;

const textOf = (comment: string) => commentText(comment, 10_000);
/** The section of a comment, without its title. */
const linksIn = (comment: string) => /Links in this incident: (.*?)\n\n/s.exec(textOf(comment))?.[1];
const lookups = ({ services }: Enricher) =>
  services.virustotal.requests.filter(({ path }) => !path.endsWith("/overall_quotas"));

const file = (sha256: string, name: string) => [
  fileHash(sha256, "SHA256", "a0000000-0000-4000-8000-000000000001"),
  {
    kind: "File",
    properties: { fileName: name, fileHashEntityIds: ["a0000000-0000-4000-8000-000000000001"] },
  },
];

/** A page that VirusTotal knows, with what it relates to it. */
function pageOf(
  address: string,
  attributes: Readonly<Record<string, unknown>>,
  relationships: VirusTotalObject["relationships"] = {},
): VirusTotalObject {
  const recorded = bodyOf("url-clean-negative-reputation").data.attributes as object;
  return {
    type: "url",
    id: urlFingerprint(address),
    attributes: { ...recorded, url: address, last_final_url: address, ...attributes },
    relationships,
  };
}

const unpaced = { VIRUSTOTAL_REQUESTS_PER_MINUTE: "0", INTEZER_FILES: "false" };

describeStories({ title: "Relations", settings: unpaced }, (app) => {
  it("link the demo's file with the domain that it contacts, after the bad ones", async () => {
    const { comment } = await app().enrich(sampleIncident);
    expect(linksIn(comment)).toMatch(
      /^File invoice-4711.* contacts domain login-update\[\.\]example\[\.\]net\.$/,
    );
    const [bad, links, details] = ["<ul>", "Links in this incident:", "<h4>"].map((part) =>
      comment.indexOf(part),
    );
    expect(bad).toBeLessThan(links ?? -1);
    expect(links).toBeLessThan(details ?? -1);
    expect(textOf(comment)).toContain("Contacts domain cdn[.]example[.]org.");
    expect(comment.length).toBeLessThanOrEqual(4_500);
  });

  it("tie together everything that belongs together, each link said once", async () => {
    const { comment, tags } = await app().enrich({
      entities: [
        ...file(maliciousFile.sha256, "invoice.exe"),
        domain(maliciousDomain),
        address(maliciousAddress),
        url(maliciousUrl),
        address(cleanAddress),
      ],
    });
    expect(linksIn(comment)).toBe(
      [
        "File invoice.exe contacts domain login-update[.]example[.]net, IP address 138[.]128[.]150[.]133.",
        "URL hxxp://login-update[.]example[.]net/secure/ is served by IP address 138[.]128[.]150[.]133.",
        "Domain login-update[.]example[.]net resolves to IP address 138[.]128[.]150[.]133.",
      ].join("\n"),
    );
    expect(tags).toContain("threat-found");
  });

  it("are found in kept answers, of clean and unknown ones too, which other incidents asked for", async () => {
    const { sha256 } = cleanFile;
    const known = builtInReports(app().clock.now()).find(({ id }) => id === sha256);
    app().services.virustotal.add({
      ...(known as VirusTotalObject),
      relationships: { contacted_domains: [{ type: "domain", id: "Telemetry.Contoso.com" }] },
    });
    await app().enrich({ entities: file(sha256, "agent.exe") });
    const asked = lookups(app()).length;
    const { comment } = await app().enrich({
      entities: [...file(sha256, "agent.exe"), domain("telemetry.contoso.com")],
    });
    expect(lookups(app()).length - asked).toBe(1);
    expect(linksIn(comment)).toBe("File agent.exe contacts domain telemetry[.]contoso[.]com.");
  });

  it("keep private what is private in a URL that is linked or named", async () => {
    const secret = "https://portal.example.org/reset?token=s3cr3t&email=jane@contoso.com";
    const evil = bodyOf("file-malicious-no-name").data as unknown as VirusTotalObject;
    app().services.virustotal.add({
      ...evil,
      relationships: {
        contacted_urls: [{ type: "url", id: urlFingerprint(secret), context_attributes: { url: secret } }],
      },
    });
    const stats = { malicious: 9, suspicious: 0, undetected: 20, harmless: 50, timeout: 0 };
    app().services.virustotal.add(pageOf(secret, { last_analysis_stats: stats }));
    const { comment, run } = await app().enrich({
      entities: [...file(evil.id, "invoice.exe"), url(secret)],
    });
    expect(linksIn(comment)).toBe("File invoice.exe contacts URL hxxps://portal[.]example[.]org/reset?…");
    expect(comment + JSON.stringify(run)).not.toMatch(/s3cr3t|jane/);
  });

  it("follow a redirect to a page that is in the incident as well", async () => {
    const [short, landing] = ["https://short.example.org/a", "https://landing.example.org/login"];
    app().services.virustotal.add(pageOf(landing, {}));
    app().services.virustotal.add(
      pageOf(
        short,
        {},
        {
          redirects_to: { type: "url", id: urlFingerprint(landing), context_attributes: { url: landing } },
        },
      ),
    );
    const { comment } = await app().enrich({ entities: [url(short), url(landing)] });
    expect(linksIn(comment)).toBe(
      "URL hxxps://short[.]example[.]org/a redirects to URL hxxps://landing[.]example[.]org/login.",
    );
  });

  it("cost no request: as many as there are indicators", async () => {
    const before = lookups(app()).length;
    await app().enrich(sampleIncident);
    const asked = lookups(app()).slice(before);
    expect(asked).toHaveLength(6);
    expect(asked.every(({ query }) => query.has("relationships"))).toBe(true);
  });
});

describeStories(
  { title: "Without relations", settings: { ...unpaced, VIRUSTOTAL_RELATIONS: "false" } },
  (app) => {
    it("as many requests are made, and the comment has no links", async () => {
      const before = lookups(app()).length;
      const { comment } = await app().enrich(sampleIncident);
      const asked = lookups(app()).slice(before);
      expect(asked).toHaveLength(6);
      expect(asked.some(({ query }) => query.has("relationships"))).toBe(false);
      expect(linksIn(comment)).toBeUndefined();
    });
  },
);

describeStories(
  {
    title: "With a key that is refused premium relationships",
    settings: unpaced,
    options: { virustotal: { premiumRelationships: "refused" } },
    onlyHere: "its VirusTotal refuses",
  },
  (app) => {
    it("one request a day is made in vain, whatever the number of URLs and incidents", async () => {
      const pages = Array.from({ length: 12 }, (_, i) => url(`https://page-${i}.example.org/`));
      const first = await app().enrich({
        entities: [...pages, url(maliciousUrl), address(maliciousAddress)],
      });
      expect(first.output).toMatchObject({ indicators: 14, malicious: 2, notChecked: 0 });
      expect(lookups(app())).toHaveLength(14 + 1);
      expect(linksIn(first.comment)).toContain("is served by IP address 138[.]128[.]150[.]133");
      await app().enrich({ entities: [url("https://another.example.org/")] });
      expect(lookups(app())).toHaveLength(15 + 1);
    });
  },
);

describeStories(
  {
    title: "An update",
    settings: { ...unpaced, VIRUSTOTAL_REQUESTS_PER_MINUTE: "1", FIRST_COMMENT_SECONDS: "50" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("has the links that its answers bring, and not those of the first comment", async () => {
      const { comments } = await app().enrich({
        entities: [domain(maliciousDomain), address(maliciousAddress)],
      });
      const [first = "", update = ""] = comments.map(({ html }) => html);
      // Both answers know it: the first one says it.
      const sentence = "Domain login-update[.]example[.]net resolves to IP address 138[.]128[.]150[.]133.";
      expect([linksIn(first), linksIn(update)]).toEqual([sentence, undefined]);
    });

    it("has those of an answer that was pending", async () => {
      const { comments } = await app().enrich({
        entities: [...file(cleanFile.sha256, "agent.exe"), url(maliciousUrl), address(maliciousAddress)],
      });
      const [first = "", ...updates] = comments.map(({ html }) => html);
      expect(linksIn(first)).toBeUndefined();
      expect(updates.map(linksIn)).toEqual([
        "URL hxxp://login-update[.]example[.]net/secure/ is served by IP address 138[.]128[.]150[.]133.",
      ]);
    });
  },
);

describeStories({ title: "Links as text", settings: { ...unpaced, COMMENT_FORMAT: "text" } }, (app) => {
  it("are lines of their own", async () => {
    const { comment } = await app().enrich({
      entities: [...file(maliciousFile.sha256, "invoice.exe"), domain(maliciousDomain)],
    });
    expect(comment).toContain(
      "\nLinks in this incident:\n• File invoice.exe contacts domain login-update[.]example[.]net.\n",
    );
  });
});
