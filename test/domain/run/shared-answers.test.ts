import { expect, it } from "vitest";
import type { Lookup } from "../../../domain/report/report";
import { withSharedAnswers } from "../../../domain/run/items";
import { answered, open } from "../../support/reports";

const hashes = { md5: "d".repeat(32), sha1: "a".repeat(40), sha256: "e".repeat(64) };
const file = (value: string, lookup: Lookup) => ({ indicator: { kind: "file" as const, value }, lookup });
const pending = open("quota", "not asked yet");
const malicious = answered("malicious", { hashes });

it.each<{ readonly what: string; readonly lookup: Lookup }>([
  { what: "an answer", lookup: malicious },
  {
    what: "a record without an analysis",
    lookup: { kind: "notKnown", reason: "not analysed", hashes },
  },
])("$what answers for the other hashes that it names", ({ lookup }) => {
  const queries = [file(hashes.md5, pending), file(hashes.sha256, lookup), file(hashes.sha1, pending)];
  expect(withSharedAnswers(queries).map((query) => query.lookup)).toEqual([lookup, lookup, lookup]);
});

it("answers for nothing else, and for nothing that has an outcome", () => {
  const failed: Lookup = { kind: "failed", reason: "no usable answer" };
  const queries = [
    file(hashes.sha256, malicious),
    file(hashes.md5, failed),
    file("f".repeat(64), pending),
    { indicator: { kind: "domain" as const, value: hashes.sha1 }, lookup: pending },
  ];
  expect(withSharedAnswers(queries)).toEqual(queries);
});
