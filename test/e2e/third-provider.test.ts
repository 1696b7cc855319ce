import { join } from "node:path";
import { convert } from "html-to-text";
import { expect, it } from "vitest";
import { packageRoot } from "../../local/host/package-root";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { domain, fileHash } from "../support/entities";

const appEntry = join(packageRoot, "test/support/third-provider-app.cjs");

/** The comment's table as text: one list of cells per row. */
const rowsOf = (html: string) =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd]>(.*?)<\/t[hd]>/g)].map(([, cell = ""]) => convert(cell, { wordwrap: false })),
  );

const settings = { ZIPWATCH_API_KEY: "a-key" };

describeStories({ title: "A third provider", settings, options: { appEntry } }, (app) => {
  it("has a column of its own, is asked about its kinds only, and its verdict counts", async () => {
    const { comment, output, tags } = await app().enrich({
      entities: [domain("invoice-4711.zip"), fileHash(knownToVirusTotal.cleanFile.sha256)],
    });
    const [head, zip, file] = rowsOf(comment);
    expect(head).toEqual(["Verdict", "Indicator", "VirusTotal", "Intezer", "Zip Watch", "Context"]);
    expect(zip).toEqual([
      "Malicious:",
      "Domain invoice-4711[.]zip",
      "VirusTotal: has no record",
      "–",
      "Zip Watch: looks like a file",
      "",
    ]);
    expect(comment).toContain('<a href="https://reports.zipwatch.example/invoice-4711.zip"');
    expect([file?.[0], file?.[4]]).toEqual(["Clean:", "–"]);
    expect(convert(comment, { wordwrap: false })).toContain(
      "Zip Watch on domain invoice-4711[.]zip: the domain is named like an archive",
    );
    expect(output).toMatchObject({ verdict: "malicious", malicious: 1, clean: 1, notChecked: 0 });
    expect(tags).toEqual(["enriched", "threat-found"]);
  });
});
