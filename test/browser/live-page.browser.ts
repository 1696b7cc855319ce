import { readFileSync } from "node:fs";
import { type Browser, chromium, type Frame, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { type Page as IncidentsPage, startPage } from "../../commands/start/page";
import { sampleIncident } from "../../local/simulators/sample-incident";
import { installedChromium } from "../support/chromium";
import { type Enricher, startEnricher } from "../support/enricher";

const executablePath = installedChromium();
const title = "The page while a run goes on";

/** The page's own tool for people with assistive technology to check: https://github.com/dequelabs/axe-core */
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Rules that a document breaks, with where. Documents in its frames are not looked at. */
async function violationsIn(frame: Frame): Promise<unknown> {
  await frame.evaluate(axe);
  return frame.evaluate(
    `axe.run(document, { iframes: false }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`,
  );
}

describe.skipIf(!executablePath)(
  executablePath ? title : `${title} (skipped: no Chromium on PATH, and CHROMIUM_PATH is not set)`,
  () => {
    let app: Enricher;
    let site: IncidentsPage;
    let browser: Browser;
    let page: Page;
    /** Lets time go on to the next thing that happens. */
    let goOn: () => void;
    beforeAll(async () => {
      app = await startEnricher({ INTEZER_ALERTS: "submit" }, { intezer: { triageSeconds: 200 } });
      const { clock, services, origin: appOrigin } = app;
      site = await startPage({ clock, services, appOrigin, updateMs: 20 });
      browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}) });
    });
    afterAll(async () => {
      await browser?.close();
      await site?.close();
      await app?.stop();
    });
    beforeEach(async () => {
      page = await browser.newPage();
      goOn = app.clock.hold();
    });
    afterEach(async () => {
      goOn();
      await page.close();
      await app.settled();
    });

    const pathOf = (armId: string) => `/incidents/${armId.split("/").at(-1)}`;

    /** An incident whose run waits for its triage, since the clock stands still. */
    async function waitingIncident(): Promise<string> {
      const armId = app.services.sentinel.addIncident({
        ...sampleIncident,
        entities: [{ kind: "Ip", properties: { address: "93.184.216.34" } }],
      });
      await postIncident(app.origin, app.services.sentinel.triggerBody(armId));
      await page.goto(site.origin + pathOf(armId));
      await page.getByText("Waiting for Intezer's triage of the incident").waitFor();
      return armId;
    }

    async function updates(count: number): Promise<void> {
      for (let i = 0; i < count; i++) await page.waitForResponse((response) => response.url() === page.url());
    }

    it("keeps what is chosen, opened and focused over ten updates", async () => {
      await waitingIncident();
      const choice = page.getByLabel("Simulate Intezer's triage");
      await choice.selectOption("a false positive");
      const details = page.locator("details");
      await details.nth(1).locator("summary").click();
      await details.nth(0).locator("summary").click();
      await choice.focus();
      await updates(10);
      expect(await choice.inputValue()).toBe("harmless");
      expect(await details.nth(1).getAttribute("open")).not.toBeNull();
      expect(await details.nth(0).getAttribute("open")).toBeNull();
      expect(await page.evaluate("document.activeElement.name")).toBe("triage");
    });

    it("says what is waited for, and shows the comment once it is there, without a reload", async () => {
      await waitingIncident();
      await page.getByText("The button under Actions sends it now.").waitFor();
      await page.evaluate("window.wasLoadedOnce = true");
      await page.getByText("No comments yet.").waitFor();
      goOn();
      await page.frameLocator("iframe").getByText("Sentinel Incident Enricher").waitFor();
      await page.getByText("Finished").first().waitFor();
      expect(await page.evaluate("window.wasLoadedOnce")).toBe(true);
      const hidden = "document.documentElement.scrollHeight - innerHeight";
      await expect.poll(() => page.frames()[1]?.evaluate(hidden)).toBeLessThanOrEqual(0);
    });

    it("sends the triage as it was chosen while the run waits for it", async () => {
      await waitingIncident();
      await page.getByLabel("Simulate Intezer's triage").selectOption("a false positive");
      await updates(10);
      await page.getByRole("button", { name: "Send by webhook" }).click();
      await page.frameLocator("iframe").getByText("False Positive").first().waitFor();
    });

    it("filters the list by verdict, and keeps the filter over updates", async () => {
      await page.goto(site.origin);
      await page.getByRole("link", { name: /^Threat found \(\d+\)$/ }).click();
      await updates(3);
      expect(await page.locator(".incidents .verdict").allTextContents()).toEqual(
        expect.arrayContaining(["Threat found"]),
      );
      expect(await page.locator(".incidents .verdict:not(.threat-found)").count()).toBe(0);
    });

    it("says so when the server has ended", async () => {
      await page.goto(site.origin);
      await page.route("**/*", (route) => route.abort());
      await page.getByText("This page is no longer up to date").waitFor();
    });

    describe.each([
      { colorScheme: "light", width: 1280 },
      { colorScheme: "dark", width: 400 },
    ] as const)("axe finds nothing, $colorScheme, $width pixels wide", ({ colorScheme, width }) => {
      beforeEach(async () => {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
      });

      it("in the list, filtered or not", async () => {
        for (const path of ["/", "/?verdict=threat-found", "/?verdict=threat-suspected"]) {
          await page.goto(site.origin + path);
          expect(await violationsIn(page.mainFrame())).toEqual([]);
        }
      });

      it("in an incident that was not sent", async () => {
        await page.goto(site.origin + pathOf(app.services.sentinel.addIncident({})));
        expect(await violationsIn(page.mainFrame())).toEqual([]);
      });

      it("in an incident whose run goes on", async () => {
        await waitingIncident();
        await page.locator("details").nth(1).locator("summary").click();
        expect(await violationsIn(page.mainFrame())).toEqual([]);
      });

      it("in a finished one, its comment, and the comment alone", async () => {
        goOn();
        const { armId } = await app.enrich(sampleIncident);
        await page.goto(`${site.origin}${pathOf(armId)}?width=420`);
        await page.frameLocator("iframe").getByText("Sentinel Incident Enricher").waitFor();
        expect(await violationsIn(page.mainFrame())).toEqual([]);

        // The comment's own document lets no script run, and axe is one.
        const address = page.frames()[1]?.url() ?? "";
        const context = await browser.newContext({
          bypassCSP: true,
          colorScheme,
          viewport: { width, height: 900 },
        });
        const alone = await context.newPage();
        await alone.goto(address);
        expect(await violationsIn(alone.mainFrame())).toEqual([]);
        await context.close();
      });
    });
  },
);
