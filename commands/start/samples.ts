import { confirmedThreat, type TriageFindings } from "../../local/simulators/intezer-data";
import { sampleIncident } from "../../local/simulators/sample-incident";
import type { EntitySeed, IncidentSeed } from "../../local/simulators/sentinel-incidents";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";

/** What Intezer says of an alert when the page sends its triage, by the value that the form sends. */
export const triages = {
  threat: { label: "a confirmed threat", findings: confirmedThreat },
  harmless: {
    label: "a false positive",
    findings: {
      triage_result: {
        alert_verdict: "false_positive",
        alert_verdict_display: "False Positive",
        risk_category: "trusted",
        risk_category_display: "Trusted",
        risk_level: "low",
        risk_level_display: "Low",
        risk_score: 0,
        families: [],
      },
      response: { status: "auto_resolved", status_display: "Auto Resolved" },
      note: "<p>Intezer verdict: <b>False Positive</b>.</p>",
    },
  },
} as const satisfies Readonly<Record<string, { readonly label: string; readonly findings: TriageFindings }>>;

/** An incident that a button of the page raises. */
interface Sample {
  readonly label: string;
  readonly seed: IncidentSeed;
  /** What Intezer makes of it. */
  readonly triage: keyof typeof triages;
}

const { cleanFile, cleanAddress, maliciousAddress, maliciousDomain, maliciousUrl } = knownToVirusTotal;

const address = (value: string): EntitySeed => ({ kind: "Ip", properties: { address: value } });

/** By the value that a form sends. */
export const samples: Readonly<Record<string, Sample>> = {
  download: { label: "Malicious download", seed: sampleIncident, triage: "threat" },
  phishing: {
    label: "Phishing email",
    triage: "threat",
    seed: {
      title: "Email with a link to a sign-in page",
      severity: "Medium",
      entities: [
        { kind: "Url", properties: { url: maliciousUrl } },
        { kind: "DnsResolution", properties: { domainName: maliciousDomain } },
        { kind: "Url", properties: { url: "https://contoso-news.org/november/letter.html" } },
        {
          kind: "MailMessage",
          properties: { recipient: "sam.lee@contoso.com", sender: "billing@login-update.example.net" },
        },
      ],
    },
  },
  scan: {
    label: "Scan from 40 IP addresses",
    triage: "harmless",
    seed: {
      title: "Failed sign-ins from many IP addresses",
      severity: "Low",
      entities: [
        address(maliciousAddress),
        ...Array.from({ length: 39 }, (_, i) => address(`93.184.216.${i + 1}`)),
      ],
    },
  },
  harmless: {
    label: "Nothing bad",
    triage: "harmless",
    seed: {
      title: "Unusual process started by the endpoint agent",
      severity: "Informational",
      entities: [
        address(cleanAddress),
        { kind: "FileHash", properties: { algorithm: "SHA256", hashValue: cleanFile.sha256 } },
      ],
    },
  },
  internal: {
    label: "Nothing to look up",
    triage: "harmless",
    seed: {
      title: "Lateral movement between two servers",
      severity: "High",
      entities: [
        address("10.20.30.40"),
        address("10.20.30.41"),
        { kind: "Host", properties: { hostName: "SRV-01", friendlyName: "SRV-01" } },
      ],
    },
  },
};

/** For the simulator of Intezer: how the triage of a sample ends, recognised by its title. */
export function triageOfSample(submitted: unknown): TriageFindings | undefined {
  const { object } = submitted as { object?: { properties?: { title?: unknown } } };
  const title = object?.properties?.title;
  const sample = Object.values(samples).find(({ seed }) => seed.title === title);
  return sample && triages[sample.triage].findings;
}
