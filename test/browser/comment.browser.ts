import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../local/host/package-root";
import { renderComment } from "../../templates/render-comment";
import { installedChromium } from "../support/chromium";
import { commentKinds } from "../support/comment-kinds";
import { htmlPrinter } from "../support/printers";

const executablePath = installedChromium();
const title = "Comments in a browser";
const pictures = join(packageRoot, "local/.data/comments");
const axe = join(packageRoot, "node_modules/axe-core/axe.min.js");

/** No style of ours: the portal's font, size and colours, and that it breaks long words. */
const portal = (
  html: string,
  isDark: boolean,
) => `<!doctype html><html lang="en"><head><title>Comment</title><style>
  body { font: 13px/18px "Segoe UI", "Liberation Sans", sans-serif; margin: 12px; overflow-wrap: break-word;
    background: ${isDark ? "#1b1a19" : "#ffffff"}; color: ${isDark ? "#f3f2f1" : "#323130"}; }
  a { color: ${isDark ? "#4da2ff" : "#0067b8"}; }
</style></head><body><main><h1>Incident</h1><h2>Activity</h2>${html}</main></body></html>`;

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe.skipIf(!executablePath)(
  executablePath ? title : `${title} (skipped: no Chromium on PATH, and CHROMIUM_PATH is not set)`,
  () => {
    let browser: Browser;
    let page: Page;
    beforeAll(async () => {
      mkdirSync(pictures, { recursive: true });
      browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}) });
    });
    afterAll(() => browser?.close());
    afterEach(() => page.close());

    const looks = [400, 700].flatMap((width) => [false, true].map((isDark) => ({ width, isDark })));

    describe.each(looks)("$width pixels wide, dark: $isDark", ({ width, isDark }) => {
      it.each(Object.keys(commentKinds))("%s", async (kind) => {
        const view = commentKinds[kind];
        if (!view) throw new Error(`There is no comment "${kind}"`);
        page = await browser.newPage({ viewport: { width, height: 600 } });
        await page.setContent(portal(renderComment(view, htmlPrinter), isDark));
        const name = `${kind.replaceAll(" ", "-")}-${width}${isDark ? "-dark" : ""}.png`;
        await page.screenshot({ path: join(pictures, name), fullPage: true });

        const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        expect(await page.evaluate(overflow)).toBe(0);
        await page.addScriptTag({ path: axe });
        const violations = (await page.evaluate(
          "axe.run().then(({ violations }) => violations)",
        )) as Violation[];
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      });
    });

    it("reads from top to bottom in the order of its text", async () => {
      page = await browser.newPage({ viewport: { width: 400, height: 600 } });
      for (const view of Object.values(commentKinds)) {
        await page.setContent(portal(renderComment(view, htmlPrinter), false));
        const tops = (await page.evaluate(
          "[...document.querySelectorAll('main > *')].filter((e) => !e.hidden).map((e) => e.getBoundingClientRect().top)",
        )) as number[];
        expect(tops).toEqual(tops.toSorted((a, b) => a - b));
      }
    });

    it("still reads with all tags removed: no two words run together, and every part ends as a sentence does", () => {
      for (const view of Object.values(commentKinds)) {
        const text = renderComment(view, htmlPrinter).replace(/<[^>]*>/g, "");
        expect(text).not.toMatch(/[a-z][.:](?=[A-Z][a-z]+ )/);
        expect(text.startsWith(`${view.headline.slice(0, 12).replaceAll("'", "&#39;")}`)).toBe(true);
      }
      // Nothing is opened for this one.
      return browser.newPage().then((opened) => {
        page = opened;
      });
    });
  },
);
