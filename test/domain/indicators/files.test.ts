import { describe, expect, test } from "vitest";
import type { Entity } from "../../../domain/incident/entity";
import { fileIndicatorsFrom } from "../../../domain/indicators/files";

let ids = 0;
const entity = (kind: string, properties: Record<string, unknown>, id = `entity-${++ids}`): Entity => ({
  id,
  kind,
  properties,
});
const hash = (hashValue: string, algorithm = "Unknown", id?: string) =>
  entity("FileHash", { hashValue, algorithm }, id);
const file = (fileName: string, fileHashEntityIds: unknown) =>
  entity("File", { fileName, fileHashEntityIds });

const md5 = "44d88612fea8a8f36de82e1278abb02f";
const sha1 = "3395856ce81f2b7382dee72602f798b642f14140";
const sha256 = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f";

/** The one file or left-out hash that comes of one entity. */
function readingOf(one: Entity): string {
  const { indicators, leftOut } = fileIndicatorsFrom([one]);
  return indicators[0]?.value ?? `left out: ${leftOut[0]?.reason}`;
}

describe("file hashes", () => {
  test.each([
    ["in upper case", hash(sha256.toUpperCase(), "SHA256"), sha256],
    ["with blanks around it", hash(` ${md5}\n`, "MD5"), md5],
    ["of algorithm Unknown, by its length", hash(sha1), sha1],
    ["without an algorithm", entity("FileHash", { hashValue: md5 }), md5],
    ["with the algorithm spelt otherwise", hash(sha256, "sha-256"), sha256],
    [
      "of a file without its signature",
      hash(sha256, "SHA256AC"),
      "left out: Authenticode hash, not a file hash",
    ],
    ["too short", hash("deadbeef", "SHA256"), "left out: no valid hash"],
    ["with other characters", hash("z".repeat(64), "SHA256"), "left out: no valid hash"],
    ["that contradicts its algorithm", hash(md5, "SHA256"), "left out: hash that contradicts its algorithm"],
    [
      "of an algorithm nobody looks up",
      hash(sha256, "SHA3-256"),
      "left out: hash that contradicts its algorithm",
    ],
    ["missing", entity("FileHash", { hashValue: null, algorithm: "MD5" }), "left out: no valid hash"],
  ])("%s", (_, one, expected) => expect(readingOf(one)).toBe(expected));

  const trio = [
    hash(md5, "MD5", "/x/Entities/AAA"),
    hash(sha1, "SHA1", "bbb"),
    hash(sha256, "SHA256", "/y/entities/ccc"),
  ];

  test.each([
    ["ARM ids", ["/x/Entities/AAA", "/x/Entities/bbb", "/x/Entities/ccc"]],
    ["bare GUIDs in another case", ["aaa", "BBB", "Ccc"]],
    ["some nonsense among them", ["aaa", null, 7, {}, "bbb", "unknown", "ccc"]],
  ])("that a file refers to by %s are one indicator", (_, references) => {
    expect(fileIndicatorsFrom([...trio, file("a.exe", references)]).indicators).toEqual([
      { kind: "file", value: sha256, hashes: { md5, sha1, sha256 }, names: ["a.exe"] },
    ]);
  });

  test("that nothing ties together are files of their own", () => {
    expect(fileIndicatorsFrom(trio).indicators.map(({ value }) => value)).toEqual([md5, sha1, sha256]);
  });

  test("of one file are tied over several entities, and all names kept once", () => {
    const files = [file("a.exe", ["aaa", "bbb"]), file("b.exe", ["bbb", "ccc"]), file("a.exe", ["ccc"])];
    expect(fileIndicatorsFrom([...files, ...trio]).indicators).toEqual([
      { kind: "file", value: sha256, hashes: { md5, sha1, sha256 }, names: ["a.exe", "b.exe"] },
    ]);
  });

  test("are not tied when a file claims two of one algorithm", () => {
    const other = "b".repeat(64);
    const { indicators } = fileIndicatorsFrom([
      ...trio,
      hash(other, "SHA256", "ddd"),
      file("a.exe", ["aaa", "ccc", "ddd"]),
    ]);
    expect(indicators.map(({ hashes }) => hashes)).toEqual([{ md5, sha256 }, { sha1 }, { sha256: other }]);
  });

  test("a file without one is left out under its name", () => {
    expect(fileIndicatorsFrom([file("x.sh", ["gone"])])).toEqual({
      indicators: [],
      leftOut: [{ entityKind: "File", value: "x.sh", reason: "file without a hash" }],
    });
  });

  test("a file keeps at most five names", () => {
    const files = Array.from({ length: 9 }, (_, i) => file(`${i}.exe`, ["aaa"]));
    expect(fileIndicatorsFrom([...trio, ...files]).indicators[0]?.names).toHaveLength(5);
  });
});
