import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirusTotal, type VirusTotalOptions } from "../../../clients/virustotal/provider";
import type { Secret } from "../../../domain/attempt";
import type { Indicator } from "../../../domain/indicators/indicator";
import type { Consultation, Provider } from "../../../domain/lookups/provider";
import { skippingClock } from "../../../local/clock";
import type { Fault } from "../../../local/simulators/simulator";
import { startVirusTotalSimulator, type VirusTotalSimulator } from "../../../local/simulators/virustotal";
import { knownToVirusTotal, type VirusTotalObject } from "../../../local/simulators/virustotal-reports";
import { describeProvider } from "../../support/provider-conformance";
import { bodyOf, thresholdsOf } from "../../support/virustotal-fixtures";

const settings: Omit<VirusTotalOptions, "endpoint" | "key" | "now"> = {
  kinds: ["file", "address", "domain", "url"],
  off: {},
  quota: { perMinute: 4, perDay: 500, perMonth: 15_500 },
  thresholds: thresholdsOf(5, 2),
  userAgent: "sentinel-incident-enricher/0.0.0",
};

describeProvider({
  title: "VirusTotal as a provider",
  linkHosts: ["www.virustotal.com"],
  calls: { "the report": () => true },
  async start({ clock, key, acceptedKey, timeoutMs }) {
    const simulator = await startVirusTotalSimulator({ clock, apiKey: acceptedKey });
    const { endpoint } = simulator;
    return {
      simulator,
      provider: createVirusTotal({ ...settings, endpoint, key, timeoutMs, now: clock.now }),
      malicious: { kind: "file", value: knownToVirusTotal.maliciousFile.sha256 },
      clean: { kind: "address", value: knownToVirusTotal.cleanAddress },
      notKnown: { kind: "domain", value: "never-seen.example.org" },
    };
  },
});

const keyOfTest: Secret = {
  setting: "VIRUSTOTAL_API_KEY",
  read: async () => ({ kind: "done", value: "the-key" }),
};

describe("createVirusTotal", () => {
  let simulator: VirusTotalSimulator;
  let provider: Provider;

  const consult = (indicator: Indicator) => provider.consult(indicator);
  const answeredWith = async (fault: Fault, indicator: Indicator = { kind: "address", value: "8.8.8.8" }) => {
    simulator.script({ match: () => true, fault });
    return consult(indicator);
  };

  beforeEach(async () => {
    const clock = skippingClock();
    simulator = await startVirusTotalSimulator({ clock, apiKey: "the-key" });
    provider = createVirusTotal({
      ...settings,
      endpoint: simulator.endpoint,
      key: keyOfTest,
      now: clock.now,
    });
  });
  afterEach(() => simulator.close());

  it("has another settings key with other thresholds", () => {
    const bases = [settings.thresholds, thresholdsOf(3, 2)].map(
      (thresholds) =>
        createVirusTotal({ ...settings, ...simulator, thresholds, key: keyOfTest, now: Date.now })
          .settingsKey,
    );
    expect(new Set(bases).size).toBe(2);
  });

  it.each<[indicator: Indicator, path: string]>([
    [{ kind: "file", value: "44D88612FEA8A8F36DE82E1278ABB02F" }, "/files/44d88612fea8a8f36de82e1278abb02f"],
    [{ kind: "address", value: "8.8.8.8" }, "/ip_addresses/8.8.8.8"],
    [{ kind: "address", value: "2001:4860:4860::8888" }, "/ip_addresses/2001%3A4860%3A4860%3A%3A8888"],
    [{ kind: "domain", value: "xn--mnchen-3ya.de" }, "/domains/xn--mnchen-3ya.de"],
    [{ kind: "url", value: "http://example.com/?q=~~~>>>" }, "/urls/aHR0cDovL2V4YW1wbGUuY29tLz9xPX5-fj4-Pg"],
  ])("asks for the report of %o once, the key in a header only", async (indicator, path) => {
    await consult(indicator);
    expect(simulator.requests).toMatchObject([
      {
        method: "GET",
        rawPath: `/api/v3${path}`,
        headers: { "x-apikey": "***", accept: "application/json", "x-tool": settings.userAgent },
      },
    ]);
    expect(simulator.requests[0]?.headers["user-agent"]).toBe("sentinel-incident-enricher/0.0.0 (gzip)");
  });

  it.each(Object.values(knownToVirusTotal.maliciousFile))(
    "gets the file's one report for %s",
    async (value) => {
      expect(await consult({ kind: "file", value })).toMatchObject({
        kind: "final",
        outcome: {
          answer: {
            verdict: "malicious",
            link: expect.stringContaining(knownToVirusTotal.maliciousFile.sha256),
          },
        },
      });
    },
  );

  it("accepts the report of an IPv6 address in another spelling", async () => {
    const { data } = bodyOf("ip-v6-clean");
    const spelled = { data: { ...data, id: "2001:4860:4860:0:0:0:0:8888" } };
    const consultation = await answeredWith(
      { status: 200, json: spelled },
      { kind: "address", value: "2001:4860:4860::8888" },
    );
    expect(consultation).toMatchObject({ kind: "final", outcome: { kind: "answered" } });
  });

  it("accepts whatever id VirusTotal gives a URL", async () => {
    simulator.add(bodyOf("url-malicious").data as unknown as VirusTotalObject);
    const consultation = await consult({ kind: "url", value: "http://soclosebutyetqq.com/69.exe" });
    expect(consultation).toMatchObject({ kind: "final", outcome: { answer: { verdict: "malicious" } } });
  });

  it.each<[what: string, indicator: Indicator, sample: string]>([
    ["of another file", { kind: "file", value: knownToVirusTotal.maliciousFile.md5 }, "file-malicious-rich"],
    ["of another address", { kind: "address", value: "8.8.4.4" }, "ip-clean-gti"],
    ["of another domain", { kind: "domain", value: "example.com" }, "domain-malicious"],
    ["of another kind", { kind: "url", value: "http://google.com/" }, "domain-clean-one-engine-fp"],
  ])("does not believe a report %s", async (_, indicator, sample) => {
    const consultation = await answeredWith({ status: 200, json: bodyOf(sample) }, indicator);
    expect(consultation).toMatchObject({
      kind: "again",
      cause: "fault",
      reason: "VirusTotal returned the report of another indicator",
    });
  });

  const final = (outcome: object): object => ({ kind: "final", outcome });
  it.each<[what: string, fault: Fault, expected: object]>([
    [
      "a record that VirusTotal does not have",
      { status: 404, json: bodyOf("error-404-file") },
      final({ kind: "notKnown", reason: "VirusTotal has no record" }),
    ],
    [
      "an indicator that VirusTotal does not accept",
      { status: 400, json: bodyOf("error-400-domain-pattern") },
      final({ kind: "notKnown", reason: "VirusTotal does not accept this IP address" }),
    ],
    [
      "a report that is not ready",
      { status: 400, json: bodyOf("error-400-not-available-yet") },
      { kind: "again", cause: "pending", afterSeconds: 30, reason: "VirusTotal's report is not ready yet" },
    ],
    [
      "a missing privilege",
      { status: 403, json: bodyOf("error-403-forbidden") },
      final({ kind: "notChecked", cause: "right", reason: expect.stringContaining("VIRUSTOTAL_API_KEY") }),
    ],
    [
      "an account that is not active",
      { status: 401, json: bodyOf("error-401-user-not-active") },
      final({ kind: "answered", answer: expect.anything() }),
    ],
    [
      "a 429 that does not say how long",
      { status: 429, text: "<title>429</title>429 Too Many Requests" },
      {
        kind: "again",
        cause: "quota",
        afterSeconds: 60,
        reason: "VirusTotal is throttling requests (HTTP 429)",
      },
    ],
    [
      "a quota that is used up, of whichever span",
      { status: 429, json: bodyOf("error-429-quota-exceeded") },
      {
        kind: "again",
        cause: "quota",
        afterSeconds: 60,
        reason: "VirusTotal's quota per minute, day or month is used up (HTTP 429)",
      },
    ],
    [
      "a limit of the request rate, which is no quota",
      { status: 429, json: { error: { code: "TooManyRequestsError", message: "Too many requests" } } },
      {
        kind: "again",
        cause: "quota",
        afterSeconds: 60,
        reason: "VirusTotal is throttling requests (HTTP 429)",
      },
    ],
    [
      "a record that VirusTotal does not have, with HTTP 200",
      { status: 200, json: { error: { code: "NotFoundError", message: "not found" } } },
      final({ kind: "notKnown", reason: "VirusTotal has no record" }),
    ],
    [
      "the same in other letters",
      { status: 200, json: { error: { code: "not_found" } } },
      final({ kind: "notKnown", reason: "VirusTotal has no record" }),
    ],
    [
      "a refusal for some other reason, with HTTP 400",
      { status: 400, json: { error: { code: "UnsupportedContentQueryError" } } },
      final({ kind: "notKnown", reason: "VirusTotal does not accept this IP address" }),
    ],
    [
      "a throttled request, with HTTP 400",
      { status: 400, json: { error: { code: "TooManyRequestsError" } } },
      {
        kind: "again",
        cause: "quota",
        afterSeconds: 60,
        reason: "VirusTotal is throttling requests (HTTP 400)",
      },
    ],
    [
      "a proxy's 400",
      { status: 400, text: "<title>400</title>" },
      { kind: "again", cause: "fault", afterSeconds: 5, reason: "VirusTotal answered with HTTP 400" },
    ],
    [
      "a service that is down, whatever its code says",
      { status: 503, json: { error: { code: "NotFoundError" } } },
      { kind: "again", cause: "fault", afterSeconds: 5, reason: "VirusTotal answered with HTTP 503" },
    ],
    [
      "an undocumented refusal, with HTTP 200",
      { status: 200, json: { error: { code: "constructor" } } },
      { kind: "again", cause: "fault", afterSeconds: 5, reason: "VirusTotal's answer could not be read" },
    ],
    [
      "a proxy's 404",
      { status: 404, text: "<title>404</title>" },
      { kind: "again", cause: "fault", afterSeconds: 5, reason: "VirusTotal answered with HTTP 404" },
    ],
    [
      "a proxy's 403",
      { status: 403, text: "<title>403</title>" },
      { kind: "again", cause: "fault", afterSeconds: 5, reason: "VirusTotal answered with HTTP 403" },
    ],
    [
      "a service that asks for a pause",
      { status: 503, headers: { "retry-after": "40" }, json: { error: { code: "TransientError" } } },
      { kind: "again", cause: "fault", afterSeconds: 40, reason: "VirusTotal answered with HTTP 503" },
    ],
  ])("reports %s", async (_, fault, expected) => {
    expect(await answeredWith(fault)).toEqual(expected);
  });

  it("judges each kind by its own thresholds", async () => {
    const { data } = bodyOf("ip-no-geo-false-positive");
    simulator.add(data as unknown as VirusTotalObject);
    const every = thresholdsOf(5, 2);
    const strict = { ...every, address: { maliciousFrom: 10, suspiciousFrom: 5 } };
    const verdicts = await Promise.all(
      [every, strict].map((thresholds) =>
        createVirusTotal({ ...settings, ...simulator, thresholds, key: keyOfTest, now: Date.now }).consult({
          kind: "address",
          value: "1.1.1.1",
        }),
      ),
    );
    expect(verdicts).toMatchObject([
      { outcome: { answer: { verdict: "suspicious" } } },
      { outcome: { answer: { verdict: "unknown" } } },
    ]);
  });

  it("gets the report of a URL by its fingerprint, and does not send the URL", async () => {
    const url = "http://login-update.example.net/s%65cure/?token=a%2Fb%2520c#top";
    const canonical = "http://login-update.example.net/secure/?token=a/b%20c";
    const id = createHash("sha256").update(canonical).digest("hex");
    const { attributes } = bodyOf("url-malicious").data;
    simulator.add({ type: "url", id, attributes: { ...(attributes as object), url: canonical } });
    const consultation = await consult({ kind: "url", value: url, byFingerprint: true });
    expect(consultation).toMatchObject({
      kind: "final",
      outcome: {
        answer: { verdict: "malicious", link: `https://www.virustotal.com/gui/url/${id}` },
      },
    });
    expect(simulator.requests.map(({ rawPath }) => rawPath)).toEqual([`/api/v3/urls/${id}`]);
  });

  it("does not call clean what no engine has analysed", async () => {
    const { data } = bodyOf("file-not-yet-analysed");
    simulator.add(data as unknown as VirusTotalObject);
    const consultation: Consultation = await consult({
      kind: "file",
      value: "91b9f89e68ef0c6ecf40a5e876c4fe56",
    });
    expect(consultation).toMatchObject({ outcome: { kind: "notKnown" } });
  });
});
