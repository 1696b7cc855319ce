import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { checkQuery, columnsOf } from "../kusto/check-query";
import { at, moduleOf, type Template } from "../support/arm-template";

/** Of the framework's enterprise matrix, as Microsoft Sentinel spells them. */
const tactics = [
  "Reconnaissance",
  "ResourceDevelopment",
  "InitialAccess",
  "Execution",
  "Persistence",
  "PrivilegeEscalation",
  "DefenseEvasion",
  "CredentialAccess",
  "Discovery",
  "LateralMovement",
  "Collection",
  "CommandAndControl",
  "Exfiltration",
  "Impact",
] as const;

/** github.com/Azure/Azure-Sentinel, wiki "Query Style Guide" */
const shape = z.strictObject({
  id: z.uuid({ version: "v4" }),
  name: z.string().max(100),
  description: z.string().endsWith(".\n"),
  requiredDataConnectors: z.array(
    z.strictObject({ connectorId: z.string(), dataTypes: z.array(z.string()).min(1) }),
  ),
  tactics: z.array(z.enum(tactics)).min(1),
  relevantTechniques: z.array(z.string().regex(/^T\d{4}$/)).min(1),
  query: z.string(),
  entityMappings: z
    .array(
      z.strictObject({
        entityType: z.enum(["Account", "FileHash", "Host", "IP", "URL"]),
        fieldMappings: z
          .array(z.strictObject({ identifier: z.string(), columnName: z.string() }))
          .min(1)
          .max(3),
      }),
    )
    .max(5)
    .optional(),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
});

const files = readdirSync("infra/hunting").map((file) => ({
  file,
  content: shape.parse(parse(readFileSync(`infra/hunting/${file}`, "utf8"))),
}));

describe("the hunting queries", () => {
  it("are all deployed, as they stand in their files", () => {
    const template = JSON.parse(readFileSync("infra/azuredeploy.json", "utf8")) as Template;
    const { variables = {} } = moduleOf(template, "huntingQueries");
    const listed = at(variables, "queries") as readonly string[];
    const loaded = listed.map((reference) => variables[/'([^']+)'/.exec(reference)?.[1] ?? ""]);
    expect(loaded).toEqual(files.map(({ content }) => content));
    expect(files).toHaveLength(6);
  });

  it("have ids and names of their own", () => {
    expect(new Set(files.map(({ content }) => content.id)).size).toBe(files.length);
    expect(new Set(files.map(({ content }) => content.name)).size).toBe(files.length);
  });

  describe.each(files)("$file", ({ content }) => {
    const { query, entityMappings = [], requiredDataConnectors } = content;

    it("is a query that returns what its mappings name", () => {
      expect(checkQuery(query)).toEqual([]);
      const named = entityMappings.flatMap(({ fieldMappings }) =>
        fieldMappings.map((each) => each.columnName),
      );
      expect(columnsOf(query)).toEqual(expect.arrayContaining(named));
    });

    it("leaves out what simulators have answered, and looks back a limited time", () => {
      const reads = query.match(
        /IncidentEnrichment_CL\n\s*\| where TimeGenerated > ago\(lookback\)\n\s*\| where coalesce\(Simulated, false\) == false/g,
      );
      expect(reads?.length).toBe(query.match(/IncidentEnrichment_CL/g)?.length);
    });

    it("runs where a connector is missing", () => {
      for (const table of requiredDataConnectors.flatMap(({ dataTypes }) => dataTypes)) {
        expect(query).toContain("union isfuzzy=true\n");
        expect(query).toMatch(new RegExp(`^ *\\(${table}\\b`, "m"));
      }
    });
  });
});
