import { describe, expect, it } from "vitest";
import { isReportOf, pathOf } from "../../../clients/virustotal/client";
import type { Indicator } from "../../../domain/indicators/indicator";
import { reportOf } from "../../support/virustotal-fixtures";

describe("pathOf", () => {
  it.each<[indicator: Indicator, path: string]>([
    [{ kind: "file", value: "44D88612FEA8A8F36DE82E1278ABB02F" }, "/files/44d88612fea8a8f36de82e1278abb02f"],
    [{ kind: "address", value: "2001:db8::1" }, "/ip_addresses/2001%3Adb8%3A%3A1"],
    [{ kind: "domain", value: "Example.COM" }, "/domains/example.com"],
    [{ kind: "url", value: "http://example.com/" }, "/urls/aHR0cDovL2V4YW1wbGUuY29tLw"],
    [{ kind: "url", value: "http://example.com/é?>>>" }, "/urls/aHR0cDovL2V4YW1wbGUuY29tL8OpPz4-Pg"],
    [{ kind: "url", value: "http://example.com/#/login" }, "/urls/aHR0cDovL2V4YW1wbGUuY29tLw"],
    [
      { kind: "url", value: "http://example.com/", byFingerprint: true },
      "/urls/2a1b402420ef46577471cdc7409b0fa2c6a204db316e59ade2d805435489a067",
    ],
    [{ kind: "domain", value: "../users/x" }, "/domains/..%2Fusers%2Fx"],
  ])("names the report of %o by %s", (indicator, path) => {
    expect(pathOf(indicator)).toBe(path);
  });
});

it("asks for a private URL by its SHA-256 only", () => {
  const url: Indicator = { kind: "url", value: "http://example.com/", byFingerprint: true };
  expect(pathOf(url)).toBe("/urls/2a1b402420ef46577471cdc7409b0fa2c6a204db316e59ade2d805435489a067");
});

describe("isReportOf", () => {
  const file = reportOf("file-by-sha1");
  const { md5 = "", sha1 = "", sha256 = "" } = file.attributes;

  it.each([md5, sha1, sha256, sha1.toUpperCase()])("takes any hash of the file: %s", (value) => {
    expect(isReportOf(file, { kind: "file", value })).toBe(true);
  });

  it("takes the file's id for its SHA-256 when the report names no hash", () => {
    const bare = { ...file, attributes: {} };
    expect(isReportOf(bare, { kind: "file", value: sha256 })).toBe(true);
    expect(isReportOf(bare, { kind: "file", value: sha1 })).toBe(true);
    expect(isReportOf(bare, { kind: "file", value: "0".repeat(64) })).toBe(false);
  });

  it("takes no report of another file, whichever hash was asked for", () => {
    for (const value of [md5, sha1, sha256]) {
      const other = value.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
      expect(isReportOf(file, { kind: "file", value: other })).toBe(false);
    }
  });

  it("takes only the report of the fingerprint that was asked for", () => {
    const { id, attributes } = reportOf("url-after-analysis");
    const asked = { kind: "url", value: String(attributes.last_final_url), byFingerprint: true } as const;
    const report = { ...reportOf("url-after-analysis"), id };
    expect(isReportOf(report, asked)).toBe(true);
    expect(isReportOf({ ...report, id: "0".repeat(64) }, asked)).toBe(false);
  });

  it.each<[what: string, id: string, indicator: Indicator, expected: boolean]>([
    ["an IPv6 address in another spelling", "2001:DB8:0::1", { kind: "address", value: "2001:db8::1" }, true],
    ["another address", "2001:db8::2", { kind: "address", value: "2001:db8::1" }, false],
    ["something that is no address", "one", { kind: "address", value: "one" }, false],
    ["a domain in other letters", "EXAMPLE.com", { kind: "domain", value: "example.com" }, true],
    ["another domain", "example.org", { kind: "domain", value: "example.com" }, false],
    ["a URL by any SHA-256", sha256, { kind: "url", value: "http://example.com/" }, true],
    [
      "a URL by something else",
      "aHR0cDovL2V4YW1wbGUuY29tLw",
      { kind: "url", value: "http://example.com/" },
      false,
    ],
  ])("compares by value: %s", (_, id, indicator, expected) => {
    const type = { file: "file", address: "ip_address", domain: "domain", url: "url" }[indicator.kind];
    expect(isReportOf({ id, type, attributes: {} }, indicator)).toBe(expected);
    expect(isReportOf({ id, type: "analysis", attributes: {} }, indicator)).toBe(false);
  });
});
