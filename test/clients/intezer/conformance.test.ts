import { createIntezerClient } from "../../../clients/intezer/client";
import { createIntezerProvider } from "../../../clients/intezer/provider";
import { startIntezerSimulator } from "../../../local/simulators/intezer";
import { describeProvider } from "../../support/provider-conformance";

const malicious = "a".repeat(64);
const clean = "b".repeat(64);

describeProvider({
  title: "Intezer as a provider",
  linkHosts: ["analyze.intezer.com"],
  calls: {
    "the token": ({ path }) => path.endsWith("/get-access-token"),
    "the latest result": ({ path }) => path.includes("/files/"),
    "the submission": ({ path }) => path.endsWith("/analyze-by-hash"),
  },
  async start({ clock, key, acceptedKey, timeoutMs }) {
    const simulator = await startIntezerSimulator({ clock, apiKey: acceptedKey });
    simulator.addFile({ sha256: malicious, findings: { verdict: "malicious", sub_verdict: "malicious" } });
    simulator.addFile({ sha256: clean, findings: { verdict: "no_threats" }, latest: "present" });
    const userAgent = "sentinel-incident-enricher/test";
    const now = clock.now;
    const client = createIntezerClient({ endpoint: simulator.endpoint, key, userAgent, timeoutMs, now });
    return {
      simulator,
      provider: createIntezerProvider({ client, files: true, urls: true, now }),
      malicious: { kind: "file", value: malicious },
      clean: { kind: "file", value: clean },
      notKnown: { kind: "file", value: "c".repeat(64) },
    };
  },
});
