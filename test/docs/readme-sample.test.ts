import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { commentText } from "../../commands/comment-print";
import { packageRoot } from "../../local/host/package-root";
import { sampleIncident } from "../../local/simulators/sample-incident";
import { describeStories } from "../support/enricher";

/** Times, ids and line breaks differ from run to run. */
function stable(text: string): string {
  return text
    .replace(/\d{4}-\d{2}-\d{2}( \d{2}:\d{2} UTC)?/g, "<time>")
    .replace(/run \d+/, "run <id>")
    .replace(/Incident \d+/, "Incident <number>")
    .replace(/took (\d+ min )?\d+ s/, "took <time>")
    .replace(/delivery [0-9a-f]{16}/, "delivery <id>")
    .replace(/\s+/g, " ")
    .trim();
}

/** The sample's file has a name that tries to become markup; a reader of the README would take it for a fault. */
const withPlainName = (text: string) => text.replaceAll(/invoice-4711<img[^>]*>\S*/g, "invoice-4711.pdf.exe");

describeStories(
  {
    title: "The README",
    settings: { INTEZER_ALERTS: "submit" },
    onlyHere: "it shows the demo with its skipped clock",
  },
  (app) => {
    it("shows what the demo writes", async () => {
      const { services, origin } = app();
      services.deliverTriagesTo(origin);
      const { comment } = await app().enrich(sampleIncident);
      const readme = readFileSync(join(packageRoot, "README.md"), "utf8");
      const [, sample = ""] = /<!-- sample[^>]*-->\n```text\n(.*?)```/s.exec(readme) ?? [];
      expect(stable(withPlainName(commentText(comment, 100)))).toBe(stable(sample));
    });
  },
);
