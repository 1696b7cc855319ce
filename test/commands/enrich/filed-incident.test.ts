import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { filedIncidentFrom } from "../../../commands/enrich/filed-incident";

const workspace =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc";
const id = "2f0c8a94-6d1b-4e57-9a3e-7b5c1d20f846";
const armId = `${workspace}/providers/Microsoft.SecurityInsights/Incidents/${id}`;

const body = (properties: object, given = armId) => ({
  objectSchemaType: "Incident",
  object: { id: given, properties },
});

const entities = [{ id: `${workspace}/x/e1`, kind: "Ip", properties: { address: "8.8.8.8" }, other: 1 }];
const properties = { title: "Phish", severity: "High", incidentNumber: 7, labels: [], comments: [{}] };
const filed = { workspace, seed: { id, title: "Phish", severity: "High", incidentNumber: 7, entities } };

it.each([
  { what: "a trigger body", given: body({ ...properties, relatedEntities: entities }) },
  {
    what: "the outputs of a Logic App's trigger",
    given: { headers: { Host: "x" }, body: body({ ...properties, relatedEntities: entities }) },
  },
])("$what is the incident that it names, with the entities it came with", ({ given }) => {
  expect(filedIncidentFrom(JSON.stringify(given))).toEqual(filed);
});

it("an incident without a number gets none", () => {
  const seed = filedIncidentFrom(JSON.stringify(body({ title: "Phish" })))?.seed;
  expect(seed).toMatchObject({ incidentUrl: null });
  expect(seed).not.toHaveProperty("incidentNumber");
});

it("text that is no JSON object is no incident", () => {
  expect(filedIncidentFrom("8.8.8.8")).toBeUndefined();
});

it.each([
  { what: "broken JSON", text: "{", message: "not valid JSON" },
  {
    what: "no incident",
    text: JSON.stringify(body({}, "/subscriptions/1")),
    message: "object.id has to be the ARM id of an incident",
  },
  { what: "no object", text: "{}", message: "object.id has to be the ARM id of an incident" },
])("$what is refused", ({ text, message }) => {
  expect(() => filedIncidentFrom(text)).toThrow(message);
});

it("the sample incident has entities", () => {
  const incident = filedIncidentFrom(readFileSync("commands/enrich/samples/incident.json", "utf8"));
  expect(incident?.seed.entities?.length).toBeGreaterThanOrEqual(3);
});
