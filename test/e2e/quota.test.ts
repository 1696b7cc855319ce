import { convert } from "html-to-text";
import { expect, it } from "vitest";
import type { IncidentSeed } from "../../local/simulators/sentinel-incidents";
import type { SimulatorRequest } from "../../local/simulators/simulator";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address, fileHash, unknownHash } from "../support/entities";
import { enrichAll, lookupsAt } from "./quota-setup";

const { cleanFile, maliciousFile } = knownToVirusTotal;
const onlyVirusTotal = { INTEZER_FILES: "false" };
const onlyIntezer = { VIRUSTOTAL_API_KEY: "" };

const addresses = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) =>
    address(`93.184.${216 + Math.floor((from + i) / 200)}.${((from + i) % 200) + 1}`),
  );
const files = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => fileHash(unknownHash(from + i)));
const text = (html: string) =>
  convert(html, { wordwrap: false, selectors: [{ selector: "h3", options: { uppercase: false } }] });

const quotaReadings = ({ services }: Enricher) =>
  services.virustotal.requests.filter(({ path }) => path.includes("/overall_quotas"));

/** The most requests in any 60 seconds. */
function busiestMinute(requests: readonly SimulatorRequest[]): number {
  return Math.max(
    ...requests.map(({ at }) => requests.filter((r) => r.at >= at && r.at < at + 60_000).length),
  );
}

describeStories(
  {
    title: "A free VirusTotal key, shared by incidents",
    settings: onlyVirusTotal,
    options: { virustotal: { quota: { perMinute: 4, perDay: 500 } } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("is never asked more than 4 times a minute by two incidents at once, and no lookup is lost", async () => {
      const [first, second] = await enrichAll(app(), [
        { entities: addresses(12) },
        { entities: addresses(12, 100) },
      ]);
      expect(first?.output).toMatchObject({ indicators: 12, notChecked: 0 });
      expect(second?.output).toMatchObject({ indicators: 12, notChecked: 0 });
      expect(lookupsAt(app())).toHaveLength(24);
      expect(busiestMinute(lookupsAt(app()))).toBe(4);
      expect(quotaReadings(app())).toHaveLength(1);
    });

    it("answers a second incident from the cache, at once and for nothing", async () => {
      const seed = { entities: addresses(12, 300) };
      await app().enrich(seed);
      const asked = lookupsAt(app()).length;
      const startedAt = app().clock.now();
      const again = await app().enrich(seed);
      expect(again.output).toMatchObject({ indicators: 12, notChecked: 0 });
      expect(again.comments).toHaveLength(1);
      expect(lookupsAt(app())).toHaveLength(asked);
      expect(app().clock.now() - startedAt).toBeLessThan(10_000);
    });

    it("says in the first comment what waits for the quota", async () => {
      const incident = await app().enrich({ entities: addresses(40, 400) });
      expect(text(incident.comment)).toMatch(
        /Pending \(\d+\): .* VirusTotal: the quota of 4 requests a minute is used up\. The result will follow in another comment\./,
      );
      expect(incident.output.notChecked).toBe(0);
    });
  },
);

describeStories(
  {
    title: "A day's quota",
    settings: { ...onlyVirusTotal, VIRUSTOTAL_REQUESTS_PER_MINUTE: "0", VIRUSTOTAL_REQUESTS_PER_DAY: "20" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("is kept, and the comment says what was not checked and when it will be possible", async () => {
      const incident = await app().enrich({ entities: addresses(30) });
      expect(lookupsAt(app())).toHaveLength(18);
      expect(incident.comments).toHaveLength(1);
      expect(incident.output).toMatchObject({ notChecked: 12, clean: 0 });
      expect(incident.tags).toContain("enrichment-incomplete");
      const midnight = new Date(app().clock.now() + 86_400_000).toISOString().slice(0, 10);
      expect(text(incident.comment)).toContain(
        `and 9 more. VirusTotal: the quota of 20 requests a day is used up, except for the 2 reserved for incidents of high severity. Lookups are possible again from ${midnight} 00:00 UTC.`,
      );
    });

    it("has a tenth that only incidents of high severity may use, files first", async () => {
      await app().enrich({ entities: addresses(30) });
      const asked = lookupsAt(app()).length;
      const severe = await app().enrich({ severity: "High", entities: [...addresses(5, 50), ...files(1)] });
      expect(severe.output.notChecked).toBe(4);
      expect(
        lookupsAt(app())
          .slice(asked)
          .map(({ path }) => path.split("/").at(-2)),
      ).toEqual(["files", "ip_addresses"]);
    });
  },
);

describeStories(
  {
    title: "A key that another client uses too",
    settings: onlyVirusTotal,
    options: { virustotal: { quota: { perMinute: 100, perDay: 500 } } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("is queried for its quota again after a 429, and what it says is believed", async () => {
      const { virustotal } = app().services;
      await app().enrich({ entities: addresses(1) });
      const spent = { user: { allowed: 500, used: 500 } };
      const data = { api_requests_hourly: { user: { allowed: 6000, used: 0 } }, api_requests_daily: spent };
      virustotal.script(
        { match: ({ path }) => path.includes("/ip_addresses/"), fault: { status: 429 } },
        { match: ({ path }) => path.includes("/overall_quotas"), fault: { status: 200, json: { data } } },
      );
      const asked = lookupsAt(app()).length;
      const incident = await app().enrich({ entities: addresses(4, 10) });
      // One of the four that were under way was refused; it is not looked up again before midnight.
      expect(lookupsAt(app())).toHaveLength(asked + 4);
      expect(quotaReadings(app())).toHaveLength(2);
      expect(incident.output.notChecked).toBe(1);
      expect(text(incident.comment)).toContain("the quota of 500 requests a day is used up");
      expect(text(incident.comment)).toMatch(/Lookups are possible again from \S+ 00:00 UTC/);
    });
  },
);

describeStories(
  { title: "When Intezer's quota is spent", settings: onlyIntezer, onlyHere: "minutes pass in it" },
  (app) => {
    it("following incidents do not ask for anything new before its reset, and say so", async () => {
      const { intezer } = app().services;
      const isSubmission = ({ path }: SimulatorRequest) => path.endsWith("/analyze-by-hash");
      const fault = { status: 403, json: { error: "Account has reached action quota" } };
      const first = files(3).map((_, i) => fileHash(unknownHash(700 + i)));
      for (const [i] of first.entries()) intezer.addFile({ sha256: unknownHash(700 + i), findings: {} });
      intezer.script({ match: isSubmission, fault, times: 99 });
      const incident = await app().enrich({ entities: first });
      expect(incident.output.notChecked).toBe(3);

      const asked = intezer.requests.length;
      const next = await app().enrich({ entities: [fileHash(cleanFile.sha256)] });
      expect(intezer.requests).toHaveLength(asked);
      expect(next.output).toMatchObject({ notChecked: 1, clean: 0 });
      expect(text(next.comment)).toMatch(
        /Not checked: The quota of the Intezer account is used up \(HTTP 403\)\.[\s\S]*Lookups are possible again from \S+ 00:00 UTC\./,
      );
    });
  },
);

describeStories(
  {
    title: "An own budget for Intezer's analyses",
    settings: { ...onlyIntezer, INTEZER_ANALYSES_PER_DAY: "2" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("is kept by all incidents, and results that are there are still read", async () => {
      const { intezer } = app().services;
      const ours = Array.from({ length: 4 }, (_, i) => unknownHash(800 + i));
      for (const sha256 of ours) intezer.addFile({ sha256, findings: { verdict: "trusted" } });
      const incidents = await enrichAll(
        app(),
        ours.map((sha256) => ({ entities: [fileHash(sha256), fileHash(maliciousFile.sha256)] })),
      );
      expect(intezer.analysesStarted()).toBe(2);
      const notChecked = incidents.filter(({ output }) => output.notChecked > 0);
      expect(notChecked).toHaveLength(2);
      for (const { comment, output } of notChecked) {
        expect(output).toMatchObject({ malicious: 1, notChecked: 1 });
        expect(text(comment)).toMatch(
          /INTEZER_ANALYSES_PER_DAY allows no further analysis: the quota of 2 requests a day is used up\. Lookups are possible again from \S+ 00:00 UTC\./,
        );
      }
    });

    it("does not keep an incident from a result that another one has asked for", async () => {
      const { intezer } = app().services;
      const before = intezer.analysesStarted();
      const ours = [unknownHash(850), unknownHash(851)];
      for (const sha256 of ours) intezer.addFile({ sha256, findings: { verdict: "trusted" } });
      const incidents = await enrichAll(
        app(),
        Array<IncidentSeed>(4).fill({ entities: ours.map((h) => fileHash(h)) }),
      );
      expect(intezer.analysesStarted()).toBe(before + 2);
      expect(incidents.map(({ output }) => output.clean)).toEqual([2, 2, 2, 2]);
    });

    it("is not used up by files that Intezer has no copy of", async () => {
      const { intezer } = app().services;
      const before = intezer.analysesStarted();
      await app().enrich({ entities: files(5, 900) });
      const sha256 = unknownHash(950);
      intezer.addFile({ sha256, findings: { verdict: "trusted" } });
      const incident = await app().enrich({ entities: [fileHash(sha256)] });
      expect(intezer.analysesStarted()).toBe(before + 1);
      expect(incident.output).toMatchObject({ clean: 1, notChecked: 0 });
    });
  },
);

describeStories(
  {
    title: "When VirusTotal cannot be reached, and retries spend the minute",
    settings: { ...onlyVirusTotal, FIRST_COMMENT_SECONDS: "10", ENRICHMENT_DEADLINE_SECONDS: "600" },
    options: { virustotal: { quota: { perMinute: 4, perDay: 500 } } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("both comments give that as the reason, and not the quota", async () => {
      const match = ({ path }: SimulatorRequest) => path.includes("/ip_addresses/");
      app().services.virustotal.script({ match, fault: { status: 503 }, times: 999 });
      const { comments, output } = await app().enrich({ entities: addresses(4) });
      expect(comments).toHaveLength(2);
      const [first, update] = comments.map(({ html }) => text(html));
      expect(first).toContain("Pending: VirusTotal answered with HTTP 503.");
      expect(update).toContain("Update. Not checked: VirusTotal answered with HTTP 503.");
      expect(first + (update ?? "")).not.toContain("quota");
      expect(output).toMatchObject({ notChecked: 4 });
      expect(app().log.join("\n")).not.toMatch(/Left indicators unchecked .*quota/);
    });
  },
);

describeStories(
  { title: "When the tables do not answer", settings: onlyVirusTotal, onlyHere: "minutes pass in it" },
  (app) => {
    const isRow = ({ path, method }: SimulatorRequest) => method !== "DELETE" && !path.includes("/Tables");

    it("for a while, the lookups are made when they do", async () => {
      app().services.tables.script({ match: isRow, fault: { status: 503 }, times: 3 });
      const incident = await app().enrich({ entities: [address(knownToVirusTotal.cleanAddress)] });
      expect(incident.output).toMatchObject({ clean: 1, notChecked: 0 });
    });

    it("at all, nothing is looked up past them, and everything is accounted for", async () => {
      let isOn = true;
      const match = (request: SimulatorRequest) => isOn && isRow(request);
      app().services.tables.script({ match, fault: "dropBefore", times: 999 });
      const asked = lookupsAt(app()).length;
      const incident = await app().enrich({ entities: addresses(12) });
      isOn = false;
      expect(lookupsAt(app())).toHaveLength(asked);
      expect(incident.output).toMatchObject({ clean: 0, notChecked: 12 });
      expect(text(incident.comment)).toContain("Table storage");
    });
  },
);
