import type { EntitySeed, IncidentSeed } from "./sentinel-incidents";
import { knownToVirusTotal } from "./virustotal-reports";

const { maliciousFile, cleanFile, cleanAddress, maliciousDomain, maliciousUrl } = knownToVirusTotal;

const fileHash = (name: string, algorithm: string, hashValue: string): EntitySeed => ({
  kind: "FileHash",
  name,
  properties: { algorithm, hashValue, friendlyName: `${hashValue}(${algorithm})` },
});

/** SHA-256 of a file that no provider knows. */
export const unknownFile = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const dropperHashes = [
  fileHash("a0000000-0000-4000-8000-000000000001", "MD5", maliciousFile.md5),
  fileHash("a0000000-0000-4000-8000-000000000002", "SHA1", maliciousFile.sha1),
  fileHash("a0000000-0000-4000-8000-000000000003", "SHA256", maliciousFile.sha256.toUpperCase()),
];

/**
 * An incident to look at: a malicious file known by three hashes whose name tries to break out of the comment,
 * a clean signed one, one that no provider knows, a public and a private IP address, a domain, a URL, and people and
 * machines that must not be sent to any service.
 */
export const sampleIncident: IncidentSeed = {
  title: "Suspicious download opened by invoice@contoso.com",
  severity: "High",
  entities: [
    ...dropperHashes,
    {
      kind: "File",
      properties: {
        fileName: "invoice-4711<img src=x onerror=alert(1)>.pdf\u202Eexe.",
        fileHashEntityIds: dropperHashes.map(({ name }) => name),
      },
    },
    fileHash("a0000000-0000-4000-8000-000000000004", "SHA256", cleanFile.sha256),
    fileHash("a0000000-0000-4000-8000-000000000005", "SHA256", unknownFile),
    { kind: "Ip", properties: { address: cleanAddress } },
    { kind: "Ip", properties: { address: "10.20.30.40" } },
    { kind: "DnsResolution", properties: { domainName: maliciousDomain } },
    { kind: "Url", properties: { url: maliciousUrl } },
    {
      kind: "Account",
      properties: { accountName: "invoice", upnSuffix: "contoso.com", friendlyName: "invoice" },
    },
    { kind: "Host", properties: { hostName: "WS-0815", friendlyName: "WS-0815" } },
  ],
};
