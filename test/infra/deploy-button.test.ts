import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { read } from "../support/pages";

describe("the Deploy to Azure button", () => {
  const linkOf = (repository: string, tag: string) =>
    execFileSync(process.execPath, ["infra/deploy-button.mjs", repository, tag], { encoding: "utf8" });

  it("points to both files of the tag where a browser may fetch them", () => {
    const markdown = linkOf("acme/enricher", "v1.2.3");
    const [, link = ""] = /\]\((https:\/\/portal\.azure\.com\/\S+)\)$/m.exec(markdown) ?? [];
    const [, ...addresses] = /Template\/uri\/([^/]+)\/createUIDefinitionUri\/([^/]+)$/.exec(link) ?? [];
    const folder = "https://raw.githubusercontent.com/acme/enricher/v1.2.3/infra";
    expect(addresses.map(decodeURIComponent)).toEqual([
      `${folder}/azuredeploy.json`,
      `${folder}/createUiDefinition.json`,
    ]);
    expect(markdown).toContain(
      "https://github.com/acme/enricher/releases/download/v1.2.3/sentinel-incident-enricher-1.2.3.zip",
    );
  });

  it("is on the page as it is printed", () => {
    const link = /\]\((https:\/\/portal\S+)\)/.exec(linkOf("OWNER/REPOSITORY", "v0.0.0"))?.[1] ?? "";
    expect(read("docs/deploy-button.md")).toContain(
      link
        .replaceAll("OWNER", "<owner>")
        .replaceAll("REPOSITORY", "<repository>")
        .replaceAll("v0.0.0", "v<version>"),
    );
  });

  it("is printed by each release, for its own tag", () => {
    const release = read(".github/workflows/release.yml");
    expect(release).toContain(
      'node infra/deploy-button.mjs "$GITHUB_REPOSITORY" "$GITHUB_REF_NAME" > out/button.md',
    );
    expect(release).toContain("cat out/button.md >> notes.md");
  });

  it("wants a repository and a version", () => {
    for (const args of [[], ["enricher", "v1.2.3"], ["acme/enricher", "main"]])
      expect(() =>
        execFileSync(process.execPath, ["infra/deploy-button.mjs", ...args], { stdio: "pipe" }),
      ).toThrow("Usage");
  });
});
