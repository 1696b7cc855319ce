import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Page as IncidentsPage, startPage } from "../../commands/start/page";
import { triageOfSample } from "../../commands/start/samples";
import { realClock } from "../../local/clock";
import { sampleIncident } from "../../local/simulators/sample-incident";
import { startSimulator } from "../../local/simulators/simulator";
import { installedChromium } from "../support/chromium";
import { type Enricher, startEnricher } from "../support/enricher";

const executablePath = installedChromium();
const title = "The page of incidents in a browser";

describe.skipIf(!executablePath)(
  executablePath ? title : `${title} (skipped: no Chromium on PATH, and CHROMIUM_PATH is not set)`,
  () => {
    let app: Enricher;
    let site: IncidentsPage;
    let browser: Browser;
    let page: Page;
    beforeAll(async () => {
      const settings = { INTEZER_ALERTS: "submit", RESULTS_TABLE: "on" };
      app = await startEnricher(settings, { intezer: { triageOf: triageOfSample } });
      const { clock, services, origin: appOrigin } = app;
      site = await startPage({ clock, services, appOrigin });
      browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}) });
      await app.enrich(sampleIncident);
      await app.settled();
    });
    afterAll(async () => {
      await browser?.close();
      await site?.close();
      await app?.stop();
    });
    afterEach(() => page.close());

    const commentOf = (nth: number) => page.frameLocator("iframe").nth(nth).locator("body");
    const openFirst = async () => {
      await page.goto(site.origin);
      await page.getByRole("link", { name: "Suspicious download" }).first().click();
    };
    const overflowing = () =>
      page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    describe.each([1280, 400])("%i pixels wide", (width) => {
      beforeEach(async () => {
        page = await browser.newPage({ viewport: { width, height: 900 } });
      });

      it("leads from the list to an incident, its tags, comment and steps, without scrolling sideways", async () => {
        await page.goto(site.origin);
        expect(await overflowing()).toBe(0);
        await openFirst();
        await commentOf(0).getByText("Threat found: 3 of 6 indicators are malicious").waitFor();
        expect(await page.getByLabel("Tags").textContent()).toContain("threat-found");
        expect(await page.locator("details[open] code").allTextContents()).toEqual(
          expect.arrayContaining(["fetchIncident", "consultProvider", "postComment", "tagIncident"]),
        );
        for (const summary of (await page.locator("summary").all()).slice(1)) await summary.click();
        expect(await page.locator("#rows tbody tr").count()).toBeGreaterThan(5);
        expect(await overflowing()).toBe(0);
      });

      it("shows the whole comment, which does not scroll in its frame", async () => {
        await openFirst();
        await commentOf(0).getByText("Sentinel Incident Enricher").waitFor();
        const [frame] = page.frames().filter((each) => each !== page.mainFrame());
        const hidden =
          "[document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]";
        await expect.poll(() => frame?.evaluate(hidden)).toEqual([expect.toSatisfy((n) => n <= 0), 0]);
      });

      it("sends another incident with a button, and its comment appears", async () => {
        await page.goto(site.origin);
        await page.getByRole("button", { name: "Phishing email" }).click();
        await page.getByRole("heading", { name: "Email with a link to a sign-in page" }).waitFor();
        await commentOf(0).getByText("Threat found").waitFor();
      });
    });

    it("delivers a triage by webhook with a button, and the incident gets an addendum", async () => {
      page = await browser.newPage();
      await page.goto(site.origin);
      await page.getByRole("button", { name: "Nothing bad" }).click();
      await commentOf(0).getByText("No known threat").waitFor();
      await page.getByLabel("Simulate Intezer's triage").selectOption("a confirmed threat");
      await page.getByRole("button", { name: "Send by webhook" }).click();
      await commentOf(1).getByText("Confirmed Threat").first().waitFor();
      expect(await page.getByLabel("Tags").textContent()).toContain("threat-found");
    });

    it("is readable and usable without JavaScript", async () => {
      page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
      await openFirst();
      await commentOf(0).getByText("Threat found").waitFor();
      await page.getByRole("link", { name: "Open alone" }).click();
      await page.getByText("Threat found").waitFor();
    });

    it("runs nothing of a hostile comment or title, and asks no other host for anything", async () => {
      const elsewhere = await startSimulator({ clock: realClock(), handler: () => ({ status: 200 }) });
      const hostile = [
        "<script>top.document.title = 'taken over'</script>",
        `<img src="${elsewhere.origin}/pixel" onerror="top.document.title = 'taken over'">`,
        `<meta http-equiv="refresh" content="0;url=${elsewhere.origin}/page">`,
        "<iframe srcdoc=\"<script>top.document.title = 'taken over'</script>\"></iframe>",
        "<form action='/incidents' method='post'><button name='sample' value='download'>Read more</button></form>",
        "<p>Nice comment</p>",
      ].join("");
      app.services.sentinel.addIncident({
        title: "<script>document.title = 'taken over'</script>",
        comments: [hostile],
      });
      const before = app.services.sentinel.armIds().length;
      page = await browser.newPage();
      await page.goto(site.origin);
      await page.getByRole("link", { name: "taken over" }).click();
      await commentOf(0).getByText("Nice comment").waitFor();
      await commentOf(0).getByRole("button").click();
      await page.waitForLoadState("networkidle");
      expect(await page.title()).toMatch(/^Incident \d+$/);
      expect(elsewhere.requests).toEqual([]);
      expect(app.services.sentinel.armIds()).toHaveLength(before);
      expect(page.frames()[1]?.url()).toContain("/comments/");
      await elsewhere.close();
    });
  },
);
