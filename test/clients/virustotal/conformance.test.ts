import { createVirusTotal } from "../../../clients/virustotal/client";
import { startVirusTotalSimulator } from "../../../local/simulators/virustotal";
import { knownToVirusTotal } from "../../../local/simulators/virustotal-reports";
import { describeProvider } from "../../support/provider-conformance";

describeProvider({
  title: "VirusTotal as a provider",
  linkHosts: ["www.virustotal.com"],
  calls: { "the report": () => true },
  async start({ clock, key, acceptedKey, timeoutMs }) {
    const simulator = await startVirusTotalSimulator({ clock, apiKey: acceptedKey });
    return {
      simulator,
      provider: createVirusTotal({
        endpoint: simulator.endpoint,
        key,
        kinds: ["file", "address", "domain", "url"],
        off: {},
        quota: { perMinute: 4, perDay: 500, perMonth: 15_500 },
        thresholds: { maliciousFrom: 5, suspiciousFrom: 2 },
        userAgent: "sentinel-incident-enricher/test",
        timeoutMs,
        now: clock.now,
      }),
      malicious: { kind: "file", value: knownToVirusTotal.maliciousFile.sha256 },
      clean: { kind: "address", value: knownToVirusTotal.cleanAddress },
      notKnown: { kind: "domain", value: "never-seen.example.org" },
    };
  },
});
