import { describe, expect, test } from "vitest";
import { mergeFiles } from "../../../domain/indicators/files";
import type { FileHashes, Indicator } from "../../../domain/indicators/indicator";

const md5 = "44d88612fea8a8f36de82e1278abb02f";
const sha1 = "3395856ce81f2b7382dee72602f798b642f14140";
const sha256 = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f";
const other = "ab".repeat(32);
const all: FileHashes = { md5, sha1, sha256 };

const file = (hashes: FileHashes, ...names: readonly string[]): Indicator => ({
  kind: "file",
  value: hashes.sha256 ?? hashes.sha1 ?? hashes.md5 ?? "",
  hashes,
  ...(names.length > 0 ? { names } : {}),
});
const url: Indicator = { kind: "url", value: "https://contoso.com/" };

const positionsOf = (indicators: readonly Indicator[], known: readonly (readonly FileHashes[])[]) =>
  mergeFiles(indicators, known).map(({ positions }) => positions);

describe("indicators that are one file", () => {
  const merged = {
    indicator: { kind: "file", value: sha256, hashes: all, names: ["a.exe", "b.exe"] },
    positions: [0, 1, 3],
  };
  const indicators = [file({ sha1 }, "a.exe"), file({ md5 }, "b.exe"), url, file({ sha256 })];

  test.each<{ what: string; known: readonly (readonly FileHashes[])[] }>([
    { what: "every answer", known: [[all], [all], [], [all]] },
    { what: "the answer to one of them", known: [[], [], [], [all]] },
    { what: "what two services know together", known: [[{ sha1, sha256 }], [{ md5, sha1 }], [], []] },
    { what: "hashes in upper case", known: [[{ md5: md5.toUpperCase(), sha256: sha256.toUpperCase() }]] },
  ])("by $what are one, by the strongest hash, in place of the first", ({ known }) => {
    expect(mergeFiles(indicators, known)).toEqual([merged, { indicator: url, positions: [2] }]);
  });

  test("are joined by a later one that shares a hash with two", () => {
    expect(
      positionsOf([file({ md5 }), file({ sha1 }), file({ sha256 }), file({ md5, sha1, sha256 })], []),
    ).toEqual([[0, 1, 2, 3]]);
  });
});

describe("indicators stay apart", () => {
  test.each<{ what: string; indicators: readonly Indicator[]; known: readonly (readonly FileHashes[])[] }>([
    { what: "when nothing is known of them", indicators: [file({ md5 }), file({ sha1 })], known: [] },
    {
      what: "when they share an MD5 and differ in SHA-256",
      indicators: [file({ md5, sha256 }), file({ md5, sha256: other })],
      known: [],
    },
    {
      what: "when an answer contradicts what is known",
      indicators: [file({ sha256 }), file({ sha256: other, md5 })],
      known: [[{ sha256: other, md5 }], []],
    },
  ])("$what", ({ indicators, known }) => {
    expect(positionsOf(indicators, known)).toEqual([[0], [1]]);
  });

  test("and nothing else is changed", () => {
    const indicators = [url, file({ sha256 }, "a.exe"), { kind: "address", value: "8.8.8.8" } as const];
    expect(mergeFiles(indicators, []).map(({ indicator }) => indicator)).toEqual(indicators);
    expect(mergeFiles([], [])).toEqual([]);
  });
});
