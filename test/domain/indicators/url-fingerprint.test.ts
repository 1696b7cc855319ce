import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { urlFingerprint } from "../../../domain/indicators/url";
import { bodyOf } from "../../support/virustotal-fixtures";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("urlFingerprint", () => {
  it.each(["url-after-analysis", "url-clean-negative-reputation", "url-malicious"])(
    "is the id that VirusTotal gave the URL in %s",
    (name) => {
      const { id, attributes } = bodyOf(name).data;
      expect(urlFingerprint((attributes as { url: string }).url)).toBe(id);
    },
  );

  it.each<[url: string, canonical: string]>([
    ["http://example.com", "http://example.com/"],
    ["HTTP://EXAMPLE.com:80/A?b=C;d=#e", "http://example.com/A?b=C;d="],
    ["https://example.com/?", "https://example.com/?"],
    ["https://example.com/a/", "https://example.com/a/"],
    ["https://example.com/a%2Fb", "https://example.com/a/b"],
    [
      "https://example.com/?u=https%3A%2F%2Fevil.example%7C%3D",
      "https://example.com/?u=https://evil.example|=",
    ],
    ["https://example.com/%25%32%35s", "https://example.com/%25s"],
    ["https://example.com/%s", "https://example.com/%25s"],
    ["https://example.com/a b%23c", "https://example.com/a%20b%23c"],
    ["https://example.com/\u00e9%c3%a9", "https://example.com/%C3%A9%C3%A9"],
    ["https://m\u00fcnchen.example/", "https://xn--mnchen-3ya.example/"],
  ])("of %s is that of %s", (url, canonical) => {
    expect(urlFingerprint(url)).toBe(sha256(canonical));
  });
});
