import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { filedIncidentFrom } from "../../../commands/enrich/incident-file";
import { indicatorsFrom } from "../../../domain/indicators/from-entities";

const workspace =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc";
const id = "2f0c8a94-6d1b-4e57-9a3e-7b5c1d20f846";
const armId = `${workspace}/providers/Microsoft.SecurityInsights/Incidents/${id}`;
const sha256 = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f";

describe("A list of indicators", () => {
  it.each([
    [sha256.toUpperCase(), { kind: "FileHash", properties: { hashValue: sha256, algorithm: "SHA256" } }],
    [
      "44d88612fea8a8f36de82e1278abb02f",
      { kind: "FileHash", properties: { hashValue: "44d88612fea8a8f36de82e1278abb02f", algorithm: "MD5" } },
    ],
    ["8[.]8[.]8[.]8", { kind: "Ip", properties: { address: "8[.]8[.]8[.]8" } }],
    ["10.0.0.1", { kind: "Ip", properties: { address: "10.0.0.1" } }],
    ["2001:4860:4860::8888", { kind: "Ip", properties: { address: "2001:4860:4860::8888" } }],
    ["evil[.]example[.]net", { kind: "DnsResolution", properties: { domainName: "evil[.]example[.]net" } }],
    ["hxxps://evil[.]example[.]net", { kind: "Url", properties: { url: "hxxps://evil[.]example[.]net" } }],
    [
      "hxxp[://]evil[.]example[.]net/a",
      { kind: "Url", properties: { url: "hxxp[://]evil[.]example[.]net/a" } },
    ],
    ["evil.example.net/a?b=c", { kind: "Url", properties: { url: "evil.example.net/a?b=c" } }],
  ])("reads %s", (line, entity) => {
    expect(filedIncidentFrom(`# what was seen\n\n  ${line}  \r\n`).seed.entities).toEqual([entity]);
  });

  it("names the line that is none of them", () => {
    expect(() => filedIncidentFrom("8.8.8.8\n\nnothing of use")).toThrow(
      "Line 3 of the file is no hash, address, domain or URL.",
    );
  });

  it("that names nothing at all is refused", () => {
    expect(() => filedIncidentFrom("# nothing\n")).toThrow("The file names no indicator.");
  });
});

describe("A trigger body", () => {
  const body = (properties: object, given = armId) =>
    JSON.stringify({ objectSchemaType: "Incident", object: { id: given, properties } });

  it("is the incident that it names, with the entities it came with", () => {
    const entities = [{ id: `${workspace}/x/e1`, kind: "Ip", properties: { address: "8.8.8.8" }, other: 1 }];
    const properties = { title: "Phish", severity: "High", incidentNumber: 7, labels: [], comments: [{}] };
    expect(filedIncidentFrom(body({ ...properties, relatedEntities: entities }))).toEqual({
      workspace,
      seed: { id, title: "Phish", severity: "High", incidentNumber: 7, entities },
    });
  });

  it.each([
    ["no JSON", "{", "is no JSON"],
    ["no incident", body({}, "/subscriptions/1"), "object.id has to be the ARM id of an incident"],
    ["no object", "{}", "object.id has to be the ARM id of an incident"],
  ])("with %s is refused", (_, text, message) => {
    expect(() => filedIncidentFrom(text)).toThrow(message);
  });
});

it.each(["incident.json", "indicators.txt"])(
  "commands/enrich/samples/%s holds something to look up",
  (file) => {
    const { entities = [] } = filedIncidentFrom(readFileSync(`commands/enrich/samples/${file}`, "utf8")).seed;
    const all = entities.map((entity, i) => ({ id: String(i), properties: {}, ...entity }) as never);
    expect(indicatorsFrom(all).indicators.length).toBeGreaterThanOrEqual(3);
  },
);
