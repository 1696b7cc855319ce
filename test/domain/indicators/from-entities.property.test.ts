import fc from "fast-check";
import { expect, test } from "vitest";
import type { Entity } from "../../../domain/incident/entity";
import { indicatorsFrom } from "../../../domain/indicators/from-entities";
import { indicatorKey } from "../../../domain/indicators/indicator";
import { hostileText } from "../../support/hostile-text";
import { casesIn } from "../../support/tier";

const value = fc.oneof(
  hostileText,
  fc
    .tuple(
      fc.constantFrom("", "uri=", "URL: ", '"', "<", "(", "[x](", "\\u200b"),
      fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.domain(), fc.ipV4()),
      fc.constantFrom("", ",", ";", " ", "\n", '"', ">", ").", ":8080", "&amp;", "%2F"),
      fc.oneof(fc.constant(""), fc.webUrl()),
    )
    .map((parts) => parts.join("")),
  fc.webUrl(),
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom("10.0.0.1", "hxxps://evil[.]example[.]com/a", "EXAMPLE.com.", "http://[::1]/", "xn--"),
  fc.anything(),
);

const readAlone = fc
  .record({
    kind: fc.constantFrom("Url", "url", "DnsResolution", "Ip", "IP", "Host", "Account", "FutureKind"),
    id: fc.uuid(),
    value,
  })
  .map(({ kind, id, value }): Entity => {
    const properties = { url: value, domainName: value, address: value, friendlyName: value };
    return { id: `/entities/${id}`, kind, properties };
  });

const hash = fc
  .constantFrom(32, 40, 64)
  .chain((length) =>
    fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF"), minLength: length, maxLength: length }),
  );

const hashEntity = fc
  .record({ id: fc.uuid(), hash, algorithm: fc.constantFrom("MD5", "SHA1", "SHA256", "SHA256AC", "Unknown") })
  .map(
    ({ id, hash, algorithm }): Entity => ({
      id: `/entities/${id}`,
      kind: "FileHash",
      properties: { hashValue: hash, algorithm },
    }),
  );

test("whatever stands in an entity, reading it does not throw", () => {
  const nonsense = fc.oneof(
    fc.anything(),
    fc.record({ id: fc.anything(), kind: value, properties: fc.anything() }),
  );
  fc.assert(
    fc.property(fc.array(nonsense, { maxLength: 10 }), (entities) => {
      const { indicators, leftOut } = indicatorsFrom(entities as Entity[]);
      if (entities.length > 0) expect(indicators.length + leftOut.length).toBeGreaterThan(0);
    }),
    { numRuns: casesIn({ quick: 400, full: 1_000 }) },
  );
});

test("every entity is an indicator or left out with a reason, alone and among others", () => {
  fc.assert(
    fc.property(fc.array(readAlone, { maxLength: 12 }), (entities) => {
      const all = indicatorsFrom(entities);
      const keys = all.indicators.map(indicatorKey);
      expect(new Set(keys).size).toBe(keys.length);
      for (const entity of entities) {
        const { indicators, leftOut } = indicatorsFrom([entity]);
        expect(indicators.length + leftOut.length).toBeGreaterThan(0);
        for (const indicator of indicators) expect(keys).toContain(indicatorKey(indicator));
        for (const item of leftOut) expect(all.leftOut).toContainEqual(item);
        for (const { reason } of leftOut) expect(reason).not.toBe("");
      }
    }),
    { numRuns: casesIn({ quick: 200, full: 500 }) },
  );
});

test("every hash is looked up with its file or left out, however hashes and files are tied together", () => {
  const entities = fc.array(hashEntity, { minLength: 1, maxLength: 6 }).chain((hashes) =>
    fc.array(fc.subarray(hashes), { maxLength: 3 }).map((ties) => [
      ...hashes,
      ...ties.map(
        (tied, i): Entity => ({
          id: `/entities/file-${i}`,
          kind: "File",
          properties: { fileName: `file-${i}.exe`, fileHashEntityIds: tied.map(({ id }) => id) },
        }),
      ),
    ]),
  );
  fc.assert(
    fc.property(entities, (given) => {
      const { indicators, leftOut } = indicatorsFrom(given);
      const text = JSON.stringify([indicators, leftOut]).toLowerCase();
      for (const { kind, properties } of given)
        if (kind === "FileHash") expect(text).toContain(String(properties.hashValue).toLowerCase());
    }),
    { numRuns: casesIn({ quick: 200, full: 500 }) },
  );
});

test("what is looked up is canonical: read again, it is the same", () => {
  fc.assert(
    fc.property(readAlone, (entity) => {
      for (const { kind, value, byFingerprint } of indicatorsFrom([entity]).indicators) {
        // At the end of a text a closing bracket is punctuation; before a fragment it is part of the URL.
        if (byFingerprint || /[)\]}>'",.;:!]$/.test(value)) continue;
        const kinds = { url: "Url", domain: "DnsResolution", address: "Ip", file: "FileHash" };
        const properties = { url: value, domainName: value, address: value };
        const again = indicatorsFrom([{ id: "again", kind: kinds[kind], properties }]);
        expect(again.indicators.map((each) => each.value)).toEqual([value]);
      }
    }),
    { numRuns: casesIn({ quick: 200, full: 500 }) },
  );
});
