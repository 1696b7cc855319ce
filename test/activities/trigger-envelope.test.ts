import { expect, test } from "vitest";
import { completion } from "../../activities/submit-alert";

const id =
  "/subscriptions/1/providers/Microsoft.SecurityInsights/Entities/A0000000-0000-4000-8000-000000000001";
const envelope = (properties?: object) =>
  JSON.stringify({ objectEventType: "Create", object: { id: "x", properties, etag: '"1"' } });

test.each([
  [envelope({ title: "t", relatedEntities: [{}] }), false],
  [envelope({ title: "t", relatedEntities: [] }), true],
  [envelope({ title: "t", relatedEntities: null }), true],
  [envelope({ title: "t" }), true],
  [envelope(), true],
  ['"nothing to add entities to"', false],
  ["no JSON", false],
])("%s needs completing: %s", (text, expected) => {
  expect(completion(text) !== undefined).toBe(expected);
});

test("entities are put where the trigger lists them, and nothing else changes", () => {
  const given = envelope({ title: "t", relatedEntities: [], additionalData: { alertsCount: 1 } });
  const entity = { id, kind: "Ip", properties: { address: "8.8.8.8", location: { countryCode: "US" } } };
  expect(JSON.parse(completion(given)?.([entity]) ?? "")).toEqual({
    objectEventType: "Create",
    object: {
      id: "x",
      etag: '"1"',
      properties: {
        title: "t",
        additionalData: { alertsCount: 1 },
        relatedEntities: [
          {
            ...entity,
            name: "a0000000-0000-4000-8000-000000000001",
            type: "Microsoft.SecurityInsights/Entities",
          },
        ],
      },
    },
  });
});

test("a body without properties gets some for its entities", () => {
  expect(JSON.parse(completion(envelope())?.([]) ?? "").object.properties).toEqual({ relatedEntities: [] });
});
