import { describe, expect, it } from "vitest";
import { contextOf } from "../../../clients/virustotal/answer";
import type { IndicatorKind } from "../../../domain/indicators/indicator";
import { reportOf } from "../../support/virustotal-fixtures";

const now = Date.UTC(2026, 10, 22, 14, 5);
const daysAgo = (days: number) => now / 1000 - days * 24 * 60 * 60;

describe("contextOf", () => {
  it.each<[kind: IndicatorKind, name: string, replaced: object, expected: string | undefined]>([
    ["file", "file-clean-signed-trusted", {}, "Win32 EXE, signed by Contoso Corporation"],
    [
      "file",
      "file-signed-bad-certificate",
      {},
      "Win32 DLL, invalid signature by Embarcadero Technologies Inc.: invalid-signature, revoked-cert",
    ],
    ["file", "file-malicious-rich", {}, "Win32 EXE"],
    [
      "file",
      "file-malicious-rich",
      { signature_info: { verified: "A certificate was explicitly revoked by its issuer." } },
      "Win32 EXE, invalid signature: A certificate was explicitly revoked by its issuer.",
    ],
    [
      "file",
      "file-malicious-rich",
      { signature_info: { verified: "Signed" } },
      "Win32 EXE, signed by an unnamed signer",
    ],
    ["file", "file-malicious-rich", { type_description: undefined }, undefined],
    ["address", "ip-malicious", {}, "AS13886 CLOUD-SOUTH, GB"],
    ["address", "ip-no-geo-false-positive", {}, "AS13335 CLOUDFLARENET"],
    ["address", "ip-malicious", { asn: undefined }, "CLOUD-SOUTH, GB"],
    ["address", "ip-private-rfc1918", {}, undefined],
    ["domain", "domain-malicious", {}, "registered 2016-12-29, 9 years old"],
    ["domain", "domain-malicious", { creation_date: daysAgo(0) }, "registered 2026-11-22, 0 days old"],
    ["domain", "domain-malicious", { creation_date: daysAgo(1) }, "registered 2026-11-21, 1 day old"],
    ["domain", "domain-malicious", { creation_date: daysAgo(59) }, "registered 2026-09-24, 59 days old"],
    ["domain", "domain-malicious", { creation_date: daysAgo(100) }, "registered 2026-08-14, 3 months old"],
    ["domain", "domain-malicious", { creation_date: daysAgo(731) }, "registered 2024-11-21, 2 years old"],
    ["domain", "domain-malicious", { creation_date: daysAgo(-5) }, "registered 2026-11-27, in the future"],
    ["domain", "domain-malicious", { creation_date: undefined }, undefined],
    ["url", "url-redirect-phishing", {}, "page title: Sign in to your account"],
    ["url", "url-after-analysis", {}, undefined],
    ["url", "url-malicious", {}, undefined],
  ])("describes the %s in %s with %o: %s", (kind, name, replaced, expected) => {
    expect(contextOf[kind](reportOf(name, { ...replaced }).attributes, now)).toBe(expected);
  });
});
