import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../local/host/package-root";
import { scripts } from "../../package.json";

const pages = [
  ...readdirSync(join(packageRoot, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "infra/README.md", "local/README.md"],
].map((path) => ({ path, text: readFileSync(join(packageRoot, path), "utf8") }));

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = ""]) => found);

/** As GitHub names the headings of a page. */
function anchorsOf(file: string): readonly string[] {
  return matches(readFileSync(file, "utf8"), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(pages)("$path", ({ path, text }) => {
  it("links to files and headings that are there", () => {
    const links = matches(text, /\]\(([^)\s]+)\)/g).filter((link) => !/^https?:/.test(link));
    for (const link of links) {
      const [target = "", anchor] = link.split("#");
      const file = target === "" ? join(packageRoot, path) : join(packageRoot, dirname(path), target);
      expect(existsSync(file), `${link}: ${relative(packageRoot, file)}`).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(file), link).toContain(anchor);
    }
  });

  it("names scripts that package.json has", () => {
    for (const name of matches(text, /npm run ([a-z][\w:]*)/g)) expect(Object.keys(scripts)).toContain(name);
  });
});

it("says wherever a VirusTotal key is entered that a free one is for evaluation", () => {
  const entered = pages.filter(({ text }) => /virustotal-api-key/i.test(text));
  expect(entered.map(({ path }) => path)).toContain("docs/deploy.md");
  for (const { path, text } of entered)
    expect(text, path).toMatch(/free (VirusTotal )?key is for evaluation/);
});
