import { describe, expect, test } from "vitest";
import { type FileHashes, keysOf } from "../../../domain/indicators/indicator";
import type { Lookup, ReportItem } from "../../../domain/report/report";
import { mergedItems } from "../../../domain/run/items";
import { answered, failed, indicator, open, pending } from "../../support/reports";

const hashes: Required<FileHashes> = { md5: "1".repeat(32), sha1: "2".repeat(40), sha256: "3".repeat(64) };
const noRecord: Lookup = { kind: "notKnown", reason: "VirusTotal has no record" };

const fileItem = (
  algorithm: keyof FileHashes,
  lookups: ReportItem["lookups"],
  more: Partial<ReportItem> = {},
) => ({
  indicator: { kind: "file", value: hashes[algorithm], hashes: { [algorithm]: hashes[algorithm] } } as const,
  lookups,
  ...more,
});

describe("three hashes of one file", () => {
  const items = [
    fileItem("md5", { virustotal: answered("malicious", { hashes, name: "invoice.exe" }), intezer: pending }),
    { indicator: indicator("address", "8.8.8.8"), lookups: { virustotal: answered("clean") } },
    fileItem("sha1", { virustotal: failed, intezer: noRecord }),
    fileItem("sha256", { virustotal: noRecord, intezer: answered("suspicious") }),
  ];
  const [file, address, ...others] = mergedItems(items);

  test("are one item, with all hashes, and the name that a service knows it by", () => {
    expect(file?.indicator).toEqual({ kind: "file", value: hashes.sha256, hashes, names: ["invoice.exe"] });
    expect(address).toEqual(items[1]);
    expect(others).toEqual([]);
  });

  test("have of each provider the lookup that says most", () => {
    expect(file?.lookups).toMatchObject({
      virustotal: { answer: { verdict: "malicious" } },
      intezer: { answer: { verdict: "suspicious" } },
    });
  });

  test("are known by each of their keys", () => {
    expect(file && keysOf(file.indicator)).toEqual([
      `file:${hashes.sha256}`,
      `file:${hashes.md5}`,
      `file:${hashes.sha1}`,
    ]);
  });
});

interface Case {
  readonly what: string;
  readonly one: Lookup;
  readonly other: Lookup;
}

describe("of two lookups of one file at one provider, the one that is kept is", () => {
  test.each<Case>([
    { what: "the worse answer", one: answered("malicious"), other: answered("clean") },
    { what: "an answer beside no record", one: answered("clean"), other: noRecord },
    { what: "no record beside a fault", one: noRecord, other: failed },
    { what: "one still open beside a fault", one: open("fault", "HTTP 503"), other: failed },
    { what: "a fault beside one switched off", one: failed, other: { kind: "off", reason: "x" } },
  ])("$what", ({ one, other }) => {
    const tie = answered("clean", { hashes });
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const) {
      const [merged] = mergedItems([
        fileItem("md5", { third: a, tie }),
        fileItem("sha256", { third: b, tie }),
      ]);
      expect(merged?.lookups.third).toBe(one);
    }
  });
});

test("files that no answer ties stay apart, and one without a known name has none", () => {
  const items = [
    fileItem("md5", { virustotal: answered("clean") }),
    fileItem("sha256", { virustotal: answered("clean") }),
  ];
  expect(mergedItems(items)).toEqual(items);
});

test("in an update, what the first comment showed of one of the hashes was shown of the file", () => {
  const before = { virustotal: answered("unknown") };
  const items = [
    fileItem("sha256", { virustotal: answered("clean", { hashes }) }, { before }),
    fileItem("md5", { virustotal: answered("malicious", { hashes }) }),
  ];
  expect(mergedItems(items)).toMatchObject([
    { before, lookups: { virustotal: { answer: { verdict: "malicious" } } } },
  ]);
});
