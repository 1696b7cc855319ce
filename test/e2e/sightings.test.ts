import { expect, it } from "vitest";
import { isQuery, logAnalyticsReplies } from "../../local/simulators/log-analytics";
import type { Fault } from "../../local/simulators/simulator";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address, domain, fileHash, unknownHash, url } from "../support/entities";

const { maliciousFile, maliciousUrl, maliciousAddress, maliciousDomain } = knownToVirusTotal;
const unlimited = { VIRUSTOTAL_REQUESTS_PER_MINUTE: "0", WORKSPACE_TI: "off", INTEZER_FILES: "false" };
const day = 24 * 60 * 60 * 1000;

const text = (html: string) =>
  html.replace(/<[^>]+>/g, "").replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)));

/** Entities of all kinds, all malicious. */
const entities = [
  fileHash(maliciousFile.sha256),
  address(maliciousAddress),
  domain(maliciousDomain),
  url(maliciousUrl),
];

const queriesOf = ({ services }: Enricher) =>
  services.logAnalytics.requests.map(({ body }) => /"query":"\/\/ ([\w:-]+)/.exec(body)?.[1]);

/** When the last comment was written, epoch milliseconds. */
const commentedAt = ({ services }: Enricher) =>
  services.sentinel.requests.findLast(({ method, path }) => method === "PUT" && path.includes("/comments/"))
    ?.at ?? Number.NaN;

describeStories(
  {
    title: "Sightings",
    settings: { ...unlimited, SIGHTINGS_WAIT_SECONDS: "60" },
    onlyHere: "it changes what the logs hold",
  },
  (app) => {
    const failNext = (name: string, fault: Fault, times = 1) =>
      app().services.logAnalytics.script({ match: isQuery(name), fault, times });

    it("are in the comment, with earlier incidents, for one query of each kind and one for incidents", async () => {
      const { logs } = app().services.logAnalytics;
      const before = queriesOf(app()).length;
      const created = app().clock.now() - 20 * day;
      logs.addIncident(
        { number: 1201, values: [maliciousAddress], classification: "FalsePositive", createdAt: created },
        { number: 1300, values: [maliciousAddress], status: "Active", createdAt: created + day },
      );
      const { comment, output, tags } = await app().enrich({ entities });
      const since = new Date(created).toISOString().slice(0, 10);
      expect(text(comment)).toMatch(/Malicious file .*Seen here: 3 devices, on \d{4}-\d\d-\d\d\./);
      expect(text(comment)).toMatch(/12 mailboxes, 2 clicks \(1 blocked\), on /);
      expect(text(comment)).toContain("Not seen here in 30 days.");
      expect(text(comment)).toContain(
        `Earlier incidents: IP address 138[.]128[.]150[.]133: also in 2 incidents since ${since}: 1 closed as false positive (1201), 1 open (1300).`,
      );
      expect(queriesOf(app()).slice(before).toSorted()).toEqual([
        "earlier-incidents",
        "sightings:address",
        "sightings:domain",
        "sightings:file",
        "sightings:url",
      ]);
      expect(output).toMatchObject({ verdict: "malicious", malicious: 4, warnings: [] });
      expect(tags).toEqual(["enriched", "threat-found"]);
    });

    it("ask only for the kinds that the incident has, and nothing without an indicator", async () => {
      const before = queriesOf(app()).length;
      await app().enrich({ entities: [address("93.184.216.34")] });
      expect(queriesOf(app()).slice(before).toSorted()).toEqual(["earlier-incidents", "sightings:address"]);
      await app().enrich({ entities: [] });
      expect(queriesOf(app())).toHaveLength(before + 2);
    });

    it("cost VirusTotal no request", async () => {
      const { virustotal } = app().services;
      const lookups = () =>
        virustotal.requests.filter(({ path }) => !path.endsWith("/overall_quotas")).length;
      const before = lookups();
      await app().enrich({ entities });
      expect(lookups() - before).toBe(4);
    });

    it("that are refused are said with what to do, and not asked for again in the run", async () => {
      const before = queriesOf(app()).length;
      failNext("", logAnalyticsReplies.forbidden, 5);
      const { comment, output } = await app().enrich({ entities });
      expect(text(comment)).toContain(
        "Sightings and earlier incidents: The account that sends the query (for the app, its managed identity) may not query the workspace: grant it the role Microsoft Sentinel Responder",
      );
      expect(text(comment)).not.toContain("Seen here");
      expect(output).toMatchObject({ verdict: "malicious", malicious: 4 });
      expect(queriesOf(app())).toHaveLength(before + 5);
    });

    it("that Log Analytics read in part are at least so many, and nothing is said not to be seen", async () => {
      failNext("sightings:file", {
        status: 200,
        json: {
          tables: [
            {
              name: "PrimaryResult",
              columns: ["Log", "Value", "Entities", "Reached", "Events", "Blocked", "First", "Last"].map(
                (name) => ({ name, type: "string" }),
              ),
              rows: [
                ["devices", maliciousFile.sha256, 2, 2, 2, 0, "2026-11-20T08:00:00Z", "2026-11-25T08:00:00Z"],
              ],
            },
          ],
          error: { code: "PartialError", message: "There were some errors when processing your query." },
        },
      });
      const { comment } = await app().enrich({
        entities: [fileHash(maliciousFile.sha256), fileHash(unknownHash(7))],
      });
      expect(text(comment)).toContain("Seen here: at least 2 devices, 2026-11-20 to 2026-11-25.");
      expect(text(comment)).not.toContain("Not seen here");
      expect(text(comment)).toContain("Sightings: Log Analytics returned only part of the answer.");
    });

    it("that Log Analytics puts off are asked for again when that fits into the wait", async () => {
      failNext("sightings:file", { status: 429, headers: { "retry-after": "2" } });
      const before = queriesOf(app()).length;
      const { comment } = await app().enrich({ entities: [fileHash(maliciousFile.sha256)] });
      expect(text(comment)).toContain("Seen here: 3 devices");
      expect(text(comment)).not.toContain("Sightings:");
      expect(
        queriesOf(app())
          .slice(before)
          .filter((name) => name === "sightings:file"),
      ).toHaveLength(2);
    });

    it("that Log Analytics puts off for longer are said", async () => {
      failNext("sightings:file", { status: 429, headers: { "retry-after": "120" } });
      const before = queriesOf(app()).length;
      const { comment } = await app().enrich({ entities: [fileHash(maliciousFile.sha256)] });
      expect(text(comment)).toContain("Sightings: Log Analytics is throttling this app (HTTP 429).");
      expect(
        queriesOf(app())
          .slice(before)
          .filter((name) => name === "sightings:file"),
      ).toHaveLength(1);
    });
  },
);

describeStories(
  {
    title: "Sightings that are late",
    settings: { ...unlimited, SIGHTINGS_WAIT_SECONDS: "1" },
    onlyHere: "its logs do not answer",
  },
  (app) => {
    it("that are late are left out and said, and the comment comes in time", async () => {
      const { logAnalytics } = app().services;
      for (const name of ["sightings:url", "earlier-incidents"])
        logAnalytics.script({ match: isQuery(name), fault: "hang" });
      const startedAt = app().clock.now();
      const { comment } = await app().enrich({ entities });
      expect(text(comment)).toContain(
        "Sightings of URLs and earlier incidents: Log Analytics did not answer in time.",
      );
      expect(text(comment)).toMatch(/Malicious file .*Seen here: 3 devices/);
      expect(commentedAt(app()) - startedAt).toBeLessThan(20_000);
    });
  },
);

describeStories(
  {
    title: "Sightings in a workspace with few logs",
    settings: unlimited,
    onlyHere: "it changes what the logs hold",
  },
  (app) => {
    it("name the logs that there are, and say so where there are none", async () => {
      app().services.logAnalytics.logs.onlyLogs("signIns");
      const { comment } = await app().enrich({ entities: [address(maliciousAddress), url(maliciousUrl)] });
      expect(text(comment)).toContain("Not seen here in 30 days (only logs of sign-ins are available).");
      expect(text(comment)).toContain(
        "Sightings of URLs: The workspace has no logs of devices, email, clicks or firewalls from the last 30 days.",
      );
    });
  },
);

describeStories(
  { title: "Without sightings", settings: { ...unlimited, SIGHTINGS: "off" }, onlyHere: "it counts queries" },
  (app) => {
    it("no query is sent, and the comment has no word of it", async () => {
      const { comment } = await app().enrich({ entities });
      expect(queriesOf(app())).toEqual([]);
      expect(text(comment)).not.toMatch(/seen here|sightings|earlier incidents/i);
    });
  },
);

describeStories(
  {
    title: "Sightings and a comment that is due at once",
    settings: { ...unlimited, FIRST_COMMENT_SECONDS: "2", SIGHTINGS_WAIT_SECONDS: "60" },
    onlyHere: "its logs do not answer",
  },
  (app) => {
    it("do not hold it back", async () => {
      app().services.logAnalytics.script({ match: isQuery(""), fault: "hang", times: 5 });
      const startedAt = app().clock.now();
      const { comment } = await app().enrich({ entities });
      expect(text(comment)).toContain(
        "Sightings and earlier incidents: Log Analytics did not answer in time.",
      );
      expect(commentedAt(app()) - startedAt).toBeLessThanOrEqual(10_000);
    });
  },
);
