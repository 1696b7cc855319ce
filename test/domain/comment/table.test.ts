import { describe, expect, test } from "vitest";
import type { Lookup } from "../../../domain/report/report";
import type { Verdict } from "../../../domain/verdict";
import {
  addresses,
  answered,
  failed,
  file,
  indicator,
  notAsked,
  ordinaryReport,
  pending,
  report,
  sha256,
  startedAt,
  viewOf,
} from "../../support/reports";

describe("table", () => {
  test("has the worst first, and a cell for each provider that was asked", () => {
    const { columns, rows } = viewOf(ordinaryReport());
    expect(columns).toEqual(["VirusTotal", "Intezer"]);
    expect(
      rows.map(({ verdictText, kind, value }) => `${verdictText} ${kind} ${value.slice(0, 30)}`),
    ).toEqual([
      `Malicious File ${"a".repeat(30)}`,
      "Suspicious URL hxxps://login[.]example[.]com/",
      `Unknown File ${"c".repeat(30)}`,
      `Clean File ${"b".repeat(30)}`,
      "Clean URL hxxp://files[.]example[.]org/q",
      "Clean Domain malware-c2[.]example[.]com",
      "Clean Address 8[.]8[.]8[.]8",
      "Clean Address 2606:4700:4700::1111",
    ]);
    expect(rows[0]).toMatchObject({
      name: "invoice_2026.exe",
      value: sha256("a"),
      context: "Win32 EXE, signature does not hold: revoked",
    });
  });

  test("has no column for a provider that nothing was asked of", () => {
    const given = report([
      [file, answered("clean"), { kind: "off", reason: "INTEZER_FILES" }],
      [indicator("address", "8.8.8.8"), answered("clean")],
    ]);
    expect(viewOf(given).columns).toEqual(["VirusTotal"]);
  });

  test.each<[Lookup | undefined, string]>([
    [
      answered("malicious", { summary: "54 of 72 engines", assessedAt: startedAt }),
      "VirusTotal: 54 of 72 engines, 2026-11-22 14:05 UTC",
    ],
    [{ kind: "notKnown", reason: "VirusTotal has no record" }, "VirusTotal: has no record"],
    [{ kind: "off", reason: "x" }, "VirusTotal: off"],
    [{ kind: "notChecked", cause: "key", reason: "x" }, "VirusTotal: not checked"],
    [failed, "VirusTotal: no usable answer"],
    [{ kind: "notAnswered", reason: "x" }, "VirusTotal: not answered in time"],
    [pending, "VirusTotal: pending"],
    [notAsked, "–"],
  ])("%j reads %s", (lookup, expected) => {
    // The second indicator keeps VirusTotal's column where the first one has nothing in it.
    const { rows } = viewOf(
      report([
        [file, lookup],
        [indicator("address", "8.8.8.8"), answered("clean")],
      ]),
    );
    const [cell] = rows.find(({ kind }) => kind === "File")?.cells ?? [];
    expect(cell?.title ? `${cell.title}: ${cell.text}` : cell?.text).toBe(expected);
  });

  test("takes a file's name from a service when the incident has none", () => {
    const given = report([[indicator("file", sha256("a")), answered("clean", { name: "setup.exe" })]]);
    expect(viewOf(given).rows[0]?.name).toBe("setup.exe");
  });

  test("shows two names of a file and counts the others", () => {
    const given = report([[indicator("file", sha256("a"), ["a.exe", "b.exe", "c.exe"]), answered("clean")]]);
    expect(viewOf(given).rows[0]?.name).toBe("a.exe, b.exe and 1 more");
  });

  test("says where the providers disagree", () => {
    const given = report([[file, answered("malicious"), answered("clean")]]);
    expect(viewOf(given).rows[0]?.verdictText).toBe("Malicious (providers disagree)");
  });

  test("shows the Safe Link in which a URL stood", () => {
    const safeLink = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2F";
    const given = report([
      [{ ...indicator("url", "https://evil.example/"), safeLink }, answered("malicious")],
    ]);
    expect(viewOf(given).rows[0]).toMatchObject({
      value: "hxxps://evil[.]example/",
      context: `from the Safe Link ${safeLink}`,
    });
  });

  test("keeps ten clean rows", () => {
    const { rows, folds } = viewOf(addresses(...Array<Verdict>(10).fill("clean"), "malicious"));
    expect(rows).toHaveLength(11);
    expect(folds).toEqual([]);
  });

  test("folds eleven clean rows into a line that names them", () => {
    const { rows, folds } = viewOf(addresses(...Array<Verdict>(11).fill("clean"), "malicious"));
    expect(rows.map(({ verdict }) => verdict)).toEqual(["malicious"]);
    expect(folds).toEqual([
      { verdict: "clean", more: 0, values: Array.from({ length: 11 }, (_, i) => `8[.]8[.]${i}[.]1`) },
    ]);
  });
});
