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
  test.each<readonly [what: string, one: Entity, expected: string]>([
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
    ["too short", hash("deadbeef", "SHA256"), "left out: not a valid hash"],
    ["with other characters", hash("z".repeat(64), "SHA256"), "left out: not a valid hash"],
    [
      "that contradicts its algorithm",
      hash(md5, "SHA256"),
      "left out: hash that does not match its algorithm",
    ],
    ["with the hash itself for its algorithm", hash(md5, md5), md5],
    ["with SHA2 for its algorithm", hash(sha256, "SHA2"), sha256],
    ["with a number for its algorithm", entity("FileHash", { hashValue: sha1, algorithm: 3 }), sha1],
    ["with a word for its algorithm that names none", hash(sha1, "FileHash"), sha1],
    ["that names its algorithm", hash(`sha256:${sha256}`), sha256],
    ["that a friendly name holds", hash(`${sha256}(SHA256)`), sha256],
    ["in quotes", hash(`"${md5}"`, "MD5"), md5],
    ["with 0x in front", hash(`0x${sha1.toUpperCase()}`), sha1],
    ["byte by byte", hash((md5.match(/../g) ?? []).join("-").toUpperCase(), "MD5"), md5],
    ...["SHA3-256", "BLAKE2s", "Keccak-256"].map(
      (algorithm) =>
        [`of ${algorithm}`, hash(sha256, algorithm), "left out: hash of an unsupported algorithm"] as const,
    ),
    ["of imports", hash(md5, "IMPHASH"), "left out: hash of an unsupported algorithm"],
    ["of SHA-512", hash("ab".repeat(64)), "left out: hash of an unsupported algorithm"],
    [
      "of a file without its signature, by number",
      entity("FileHash", { hashValue: sha256, algorithm: 4 }),
      "left out: Authenticode hash, not a file hash",
    ],
    ["of no bytes, MD5", hash("D41D8CD98F00B204E9800998ECF8427E"), "left out: hash of an empty file"],
    [
      "of no bytes, SHA-1",
      hash("da39a3ee5e6b4b0d3255bfef95601890afd80709"),
      "left out: hash of an empty file",
    ],
    [
      "of no bytes, SHA-256",
      hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      "left out: hash of an empty file",
    ],
    ["of zeros", hash("0".repeat(64)), "left out: placeholder hash (one repeated digit)"],
    ["of another digit", hash("f".repeat(32)), "left out: placeholder hash (one repeated digit)"],
    ["of any length", hash("ab".repeat(50_000)), "left out: not a valid hash"],
    ["missing", entity("FileHash", { hashValue: null, algorithm: "MD5" }), "left out: not a valid hash"],
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
    const other = "ab".repeat(32);
    const { indicators } = fileIndicatorsFrom([
      ...trio,
      hash(other, "SHA256", "ddd"),
      file("a.exe", ["aaa", "ccc", "ddd"]),
    ]);
    expect(indicators.map(({ hashes }) => hashes)).toEqual([{ md5, sha256 }, { sha1 }, { sha256: other }]);
  });

  test("of one file in a list are one indicator, as Sysmon writes them", () => {
    const list = `SHA1=${sha1.toUpperCase()},MD5=${md5},SHA256=${sha256},IMPHASH=${"0a".repeat(16)}`;
    expect(fileIndicatorsFrom([hash(list)])).toEqual({
      indicators: [{ kind: "file", value: sha256, hashes: { md5, sha1, sha256 } }],
      leftOut: [{ entityKind: "FileHash", value: list, reason: "hash of an unsupported algorithm" }],
    });
  });

  test.each(["/x/Entities/", "/x/entities", "", " ", "00000000-0000-0000-0000-000000000000"])(
    "are tied to nothing by an id that identifies nothing: %j",
    (id) => {
      const { indicators, leftOut } = fileIndicatorsFrom([
        hash(md5, "MD5", id),
        hash(sha1, "SHA1", id),
        file("a.exe", [id]),
      ]);
      expect(indicators).toEqual([
        { kind: "file", value: md5, hashes: { md5 } },
        { kind: "file", value: sha1, hashes: { sha1 } },
      ]);
      expect(leftOut).toEqual([{ entityKind: "File", value: "a.exe", reason: "file without a hash" }]);
      const alone = fileIndicatorsFrom([hash(md5, "MD5", id), file("a.exe", [id])]);
      expect(alone.indicators).toEqual([{ kind: "file", value: md5, hashes: { md5 } }]);
    },
  );

  test("are tied to nothing by an id that two of them have", () => {
    const entities = [hash(md5, "MD5", "aaa"), hash(sha1, "SHA1", "AAA"), file("a.exe", ["aaa"])];
    expect(fileIndicatorsFrom(entities).indicators.map(({ names }) => names)).toEqual([undefined, undefined]);
  });

  test("are tied by an entity that is listed twice", () => {
    const entities = [hash(md5, "MD5", "aaa"), hash(md5, "MD5", "aaa"), file("a.exe", ["aaa"])];
    expect(fileIndicatorsFrom(entities).indicators).toEqual([
      { kind: "file", value: md5, hashes: { md5 }, names: ["a.exe"] },
    ]);
  });

  test.each([
    { what: "left out", one: hash(sha256, "SHA256AC"), unreadable: undefined },
    { what: "of nothing", one: hash("0".repeat(64)), unreadable: undefined },
    { what: "too short", one: hash("deadbeef"), unreadable: true },
    { what: "that contradict their algorithm", one: hash(md5, "SHA256"), unreadable: true },
    { what: "missing", one: entity("FileHash", {}), unreadable: true },
  ])("$what are unreadable: $unreadable", ({ one, unreadable }) => {
    expect(fileIndicatorsFrom([one]).leftOut[0]?.unreadable).toBe(unreadable);
  });

  test("a file has its name without folders, readable names first", () => {
    const names = ["C:\\Users\\jane.doe\\\ufffd\ufffd.doc", "/home/jane/manual.doc", "Ã¼bung.doc"];
    const files = names.map((name) => file(name, ["aaa"]));
    expect(fileIndicatorsFrom([...trio, ...files]).indicators[0]?.names).toEqual([
      "manual.doc",
      "\ufffd\ufffd.doc",
      "Ã¼bung.doc",
    ]);
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
