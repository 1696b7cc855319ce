import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../local/host/package-root";
import { at, moduleOf, type Template } from "../support/arm-template";
import { checkQuery, schemas } from "./check-query";
import { findQueries } from "./find-queries";

/** New files too. Tests are left out: some of their queries are wrong on purpose. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: packageRoot,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && !path.startsWith("test/") && path !== "package-lock.json")
  .filter((path) => existsSync(join(packageRoot, path)))
  .map((path) => ({ path, ...findQueries(path, readFileSync(join(packageRoot, path), "utf8")) }));

const queries = files.flatMap((file) =>
  file.queries.map(({ line, query }) => ({ place: `${file.path}:${line}`, query })),
);

describe("the queries of the repository", () => {
  it.each(queries)("are right in their tables, columns and types: $place", ({ query }) => {
    expect(checkQuery(query)).toEqual([]);
  });

  it("are all where this test can read them", () => {
    const unread = files.flatMap(({ path, unread }) => unread.map((line) => `${path}:${line}`));
    expect(unread, "write each query as one string, in a kind of file that find-queries.ts reads").toEqual(
      [],
    );
  });

  it.each(["infra/modules/alerts.bicep", "infra/azuredeploy.json"])(
    "include the alert rules of %s",
    (path) => {
      const template = JSON.parse(
        readFileSync(join(packageRoot, "infra/azuredeploy.json"), "utf8"),
      ) as Template;
      const rules = at(moduleOf(template, "alerts"), "variables.rules") as readonly {
        readonly query: string;
      }[];
      const found = files.find((file) => file.path === path)?.queries.map(({ query }) => query.trim());
      expect(rules.length).toBeGreaterThan(0);
      expect(found).toEqual(expect.arrayContaining(rules.map(({ query }) => query.trim())));
    },
  );

  it.each([
    "clients/sentinel/alert-index.ts",
    "commands/report/read-closings.ts",
    "infra/hunting/never-checked.yaml",
    "infra/workbook/queries/closings-by-rule.kql",
  ])("include that of %s", (path) => {
    expect(files.find((file) => file.path === path)?.queries).toHaveLength(1);
  });
});

describe("checkQuery", () => {
  it.each([
    {
      problem: "a misspelt column",
      query: "AppTraces\n| where Mesage has 'quota'",
      says: "line 2: The name 'Mesage'",
    },
    {
      problem: "an unknown table",
      query: "AppTrace | take 1",
      says: "The name 'AppTrace'",
    },
    {
      problem: "an unknown table where a missing one is allowed",
      query: "union isfuzzy=true AppTraces, (AppTrace | where Message has 'quota')",
      says: "'AppTrace' does not refer to any known",
    },
    {
      problem: "a column that an operator before has dropped",
      query: "AppRequests | summarize Requests = count() by Name | where Success",
      says: "The name 'Success'",
    },
    {
      problem: "a comparison of text with a time",
      query: "AppTraces | where Message > ago(1d)",
      says: "operator '>' is not defined",
    },
    { problem: "half a query", query: "| where Success", says: "incomplete fragment" },
    { problem: "a query without rows", query: "toscalar(AppTraces | count)", says: "not a table" },
  ])("refuses $problem", ({ query, says }) => {
    expect(checkQuery(query).join("\n")).toContain(says);
  });

  it.each(schemas)("knows the columns of $name", ({ name, parameters, columns }) => {
    const call = parameters ? `${name}('alias')` : name;
    expect(checkQuery(`${call} | project ${Object.keys(columns).join(", ")}`)).toEqual([]);
  });
});

const query = "AppTraces | where Message has 'a'";

describe("findQueries", () => {
  it.each([
    { place: "a string of Bicep", path: "a.bicep", content: `var a = '${query.replaceAll("'", "\\'")}'` },
    { place: "several lines of Bicep", path: "a.bicep", content: `// don't\nvar a = '''\n${query}\n'''` },
    { place: "JSON", path: "a.json", content: JSON.stringify({ a: [query] }) },
    { place: "JSON in JSON", path: "a.json", content: JSON.stringify({ a: JSON.stringify({ b: query }) }) },
    {
      place: "a block in Markdown",
      path: "a.md",
      content: `1. So:\n\n   \`\`\`kusto\n   ${query}\n   \`\`\`\n`,
    },
    { place: "a line of Markdown", path: "a.md", content: `Ask \`${query}\` first.` },
    { place: "a cell in Markdown", path: "a.md", content: `| \`${query.replace("|", "\\|")}\` | where |` },
    { place: "a shell command", path: "a.md", content: `\`\`\`sh\naz query "${query}" | sort\n\`\`\`` },
    {
      place: "a block of YAML",
      path: "a.yaml",
      content: `name: a\nquery: |\n  AppTraces\n  | where Message has 'a'\n`,
      query: "AppTraces\n| where Message has 'a'",
    },
    { place: "a string of YAML", path: "a.yml", content: `a: b\nquery: ${query}` },
    { place: "a string of a script", path: "a.mjs", content: `ask("${query}")` },
    { place: "a file of its own", path: "a.kql", content: query },
    {
      place: "a template with a constant",
      path: "a.ts",
      content: `const filter = "where Message has 'a'"; const a: string = \`AppTraces | \${filter}\`;`,
    },
    {
      place: "a template with a value",
      path: "a.ts",
      content: `const q = (days: number) => \`AppTraces | where TimeGenerated > ago(\${days}d)\`;`,
      query: "AppTraces | where TimeGenerated > ago(1d)",
    },
  ])("finds one in $place", ({ path, content, query: expected = query }) => {
    const { queries, unread } = findQueries(path, content);
    expect(queries.map((found) => found.query.trim())).toEqual([expected]);
    expect(unread).toEqual([]);
  });

  it.each([
    {
      place: "a kind of file that it cannot read",
      path: "a.toml",
      content: `a = 1\nquery = "${query}"`,
      line: 2,
    },
    { place: "a comment", path: "a.ts", content: `// ${query}`, line: 1 },
    { place: "plain text in Markdown", path: "a.md", content: `Ask this:\n${query}\n`, line: 2 },
  ])("reports one in $place", ({ path, content, line }) => {
    expect(findQueries(path, content)).toEqual({ queries: [], unread: [line] });
  });

  it("takes the cells of a table for what they are", () => {
    const content = "| what | where |\n| --- | --- |\n| count | where it came from |\n";
    expect(findQueries("a.md", content)).toEqual({ queries: [], unread: [] });
  });

  it("gives parts of a query that are put together in code to the check, which refuses them", () => {
    const { queries } = findQueries("a.ts", `["AppTraces", "| where Message has 'a'"].join("\\n")`);
    expect(queries.flatMap(({ query }) => checkQuery(query))).not.toEqual([]);
  });
});
