import { convert } from "html-to-text";
import { describe, expect, it } from "vitest";
import { isQuery, logAnalyticsReplies } from "../../local/simulators/log-analytics";
import { describeStories, type Enricher } from "../support/enricher";
import { address, domain } from "../support/entities";

const alias = "Enricher-Allowed";
const settings = { ALLOWED_WATCHLIST: alias, ALLOWED_INDICATORS: "fabrikam.com" };
const onlyHere = "minutes pass in it";
const minute = 60_000;

const text = (html: string) => convert(html, { wordwrap: false });
const save = ({ services }: Enricher, ...entries: readonly string[]) =>
  services.logAnalytics.setWatchlist(
    alias,
    entries.map((entry) => ({ SearchKey: entry })),
  );
const later = ({ clock }: Enricher, ms: number) =>
  new Promise<void>((ring) => void clock.alarm(clock.now() + ms, ring));
const fail = ({ services }: Enricher, times: number) =>
  services.logAnalytics.script({
    match: isQuery("allowed-watchlist"),
    fault: logAnalyticsReplies.forbidden,
    times,
  });
const isAskedAbout = ({ services }: Enricher, value: string) =>
  JSON.stringify([...services.virustotal.requests, ...services.logAnalytics.requests]).includes(value);

describe("ALLOWED_WATCHLIST", () => {
  describeStories({ title: "with entries", settings, onlyHere }, (app) => {
    it("leaves out what analysts have listed beside what the setting has, and names the list", async () => {
      save(app(), "contoso.com", "com");
      const { comment, output } = await app().enrich({
        entities: [domain("mail.contoso.com"), domain("fabrikam.com"), domain("login.example.org")],
      });
      expect(text(comment)).toContain(
        "mail[.]contoso[.]com (on the list of allowed indicators, watchlist Enricher-Allowed)",
      );
      expect(text(comment)).toContain("fabrikam[.]com (on the list of allowed indicators)");
      expect(isAskedAbout(app(), "contoso")).toBe(false);
      expect(output).toMatchObject({ indicators: 1, warnings: [] });
      expect(output.switchedOff).toEqual([
        "ALLOWED_INDICATORS keeps 1 indicator from being looked up.",
        "ALLOWED_WATCHLIST keeps 1 indicator from being looked up.",
      ]);
      expect(app().log.join("\n")).toMatch(/Skipped rows of the watchlist .*com is a single label/s);
    });

    it("follows the analysts' edits after ten minutes, and not before", async () => {
      const looksUp = async (name: string) => {
        const { output } = await app().enrich({ entities: [domain(name)] });
        return output.indicators === 1;
      };
      await later(app(), 10 * minute);
      save(app(), "northwind.com");
      expect(await looksUp("contoso.com")).toBe(true);
      expect(await looksUp("northwind.com")).toBe(false);
      save(app(), "contoso.com");
      expect(await looksUp("contoso.com")).toBe(true);
      await later(app(), 10 * minute);
      expect(await looksUp("contoso.com")).toBe(false);
      expect(await looksUp("northwind.com")).toBe(true);
    });

    it("holds as it was read last while it cannot be read", async () => {
      await later(app(), 10 * minute);
      save(app(), "contoso.com");
      await app().enrich({ entities: [domain("contoso.com")] });
      await later(app(), 10 * minute);
      fail(app(), 1);
      const { output, comment } = await app().enrich({
        entities: [domain("contoso.com"), address("93.184.216.1")],
      });
      expect(output).toMatchObject({ indicators: 1, warnings: [] });
      expect(comment).not.toContain("could not be read");
      expect(app().log.join("\n")).toContain("Could not read the watchlist");
    });
  });

  describeStories({ title: "that cannot be read", settings, onlyHere }, (app) => {
    it("stops nothing, and the comment and the output say so", async () => {
      save(app(), "contoso.com");
      fail(app(), 1);
      const { comment, output, tags } = await app().enrich({ entities: [domain("contoso.com")] });
      expect(output).toMatchObject({ indicators: 1, notChecked: 0 });
      expect(tags).not.toContain("enrichment-incomplete");
      expect(text(comment)).toContain(
        "Allowed indicators: The watchlist Enricher-Allowed could not be read, so its indicators were looked up like any other.",
      );
      expect(output.warnings).toEqual([
        expect.stringMatching(
          /^The watchlist Enricher-Allowed \(ALLOWED_WATCHLIST\) could not be read: .*grant it the role/,
        ),
      ]);
      await later(app(), minute);
      const next = await app().enrich({ entities: [domain("contoso.com")] });
      expect(next.output.indicators).toBe(0);
    });
  });
});
