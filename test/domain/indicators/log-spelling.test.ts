import { describe, expect, it } from "vitest";
import type { Indicator } from "../../../domain/indicators/indicator";
import { logSpellings, logTerm } from "../../../domain/indicators/label";

describe("logs are searched for", () => {
  const [md5, sha1, sha256] = ["a".repeat(32), "b".repeat(40), "c".repeat(64)] as const;
  it.each<{ indicator: Indicator; spellings: readonly string[]; word: string }>([
    {
      indicator: { kind: "file", value: sha256, hashes: { md5, sha1, sha256 } },
      spellings: [sha256, md5, sha1],
      word: sha256,
    },
    { indicator: { kind: "file", value: md5 }, spellings: [md5], word: md5 },
    {
      indicator: { kind: "address", value: "8.8.8.8" },
      spellings: ["8.8.8.8", "::ffff:8.8.8.8"],
      word: "8.8.8.8",
    },
    { indicator: { kind: "address", value: "2001:db8::1" }, spellings: ["2001:db8::1"], word: "2001:db8::1" },
    {
      indicator: { kind: "domain", value: "evil.example" },
      spellings: ["evil.example"],
      word: "evil.example",
    },
    {
      indicator: { kind: "url", value: "https://evil.example/Pay?A=b" },
      spellings: ["https://evil.example/pay?a=b"],
      word: "evil.example",
    },
    {
      indicator: { kind: "url", value: "https://evil.example/" },
      spellings: ["https://evil.example/", "https://evil.example"],
      word: "evil.example",
    },
    {
      indicator: { kind: "url", value: "https://evil.example/?a=b" },
      spellings: ["https://evil.example/?a=b", "https://evil.example?a=b"],
      word: "evil.example",
    },
    {
      indicator: { kind: "url", value: "http://[2001:db8::1]:8080/x" },
      spellings: ["http://[2001:db8::1]:8080/x"],
      word: "2001:db8::1",
    },
    {
      indicator: { kind: "url", value: "https://evil.example/…", byFingerprint: true, fingerprint: sha256 },
      spellings: [],
      word: "evil.example",
    },
    {
      indicator: { kind: "url", value: `https://a.example/${"x".repeat(2_000)}` },
      spellings: [],
      word: "a.example",
    },
  ])("$indicator.kind $indicator.value", ({ indicator, spellings, word }) => {
    expect(logSpellings(indicator)).toEqual(spellings);
    expect(logTerm(indicator)).toBe(word);
  });
});
