import type { Relationships } from "./virustotal-relationships";

/** An object as the API returns it under `data`. */
export interface VirusTotalObject {
  readonly type: "file" | "ip_address" | "domain" | "url";
  /** SHA-256 of a file or of a canonical URL, an IP address, a domain. */
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Embedded in an answer as far as they are asked for. */
  readonly relationships?: Relationships;
}

/** What the simulator knows from the start, by what it stands for. */
export const knownToVirusTotal = {
  /** EICAR's test file, in the part of a trojan. */
  maliciousFile: {
    md5: "44d88612fea8a8f36de82e1278abb02f",
    sha1: "3395856ce81f2b7382dee72602f798b642f14140",
    sha256: "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
  },
  /** Signed, and vouched for by its maker. */
  cleanFile: {
    md5: "5df66a1e1901b8b87e8df75702d834f0",
    sha1: "71191742037821c04bd6f94be1ed8f1cd8a3c536",
    sha256: "d4ab90c44194293c4b4317d34712ae33260057888bd9ea0260f414f5b8f1bdb7",
  },
  cleanAddress: "8.8.8.8",
  maliciousAddress: "138.128.150.133",
  maliciousDomain: "login-update.example.net",
  maliciousUrl: "http://login-update.example.net/secure/",
} as const;

const day = 24 * 60 * 60;

/** Reports in the shape of captured ones, with dates that end at `now` (epoch milliseconds). */
export function builtInReports(now: number): readonly VirusTotalObject[] {
  const today = Math.floor(now / 1000 / day) * day;
  return [
    maliciousFile(today),
    cleanFile(today),
    cleanAddress(today),
    maliciousAddress(today),
    maliciousDomain(today),
    maliciousUrl(today),
  ];
}

function maliciousFile(today: number): VirusTotalObject {
  const { md5, sha1, sha256 } = knownToVirusTotal.maliciousFile;
  return {
    type: "file",
    id: sha256,
    attributes: {
      md5,
      sha1,
      sha256,
      meaningful_name: "C:\\Users\\user\\Downloads\\invoice-4711.pdf.exe",
      names: ["C:\\Users\\user\\Downloads\\invoice-4711.pdf.exe", "invoice-4711.pdf.exe"],
      type_description: "Win32 EXE",
      type_tag: "peexe",
      magic: "PE32 executable (GUI) Intel 80386 Mono/.Net assembly, for MS Windows",
      size: 3113984,
      creation_date: today - 40 * day,
      first_submission_date: today - 9 * day,
      last_submission_date: today - 2 * day,
      last_analysis_date: today - day,
      last_modification_date: today - day + 2955,
      times_submitted: 14,
      unique_sources: 11,
      reputation: 0,
      total_votes: { harmless: 0, malicious: 2 },
      tags: ["assembly", "peexe", "calls-wmi", "long-sleeps"],
      last_analysis_stats: fileStats({ malicious: 54, undetected: 21, "type-unsupported": 4 }),
      last_analysis_results: engines("malicious", {
        AVG: "Win32:CrypterX-gen [Trj]",
        tehtris: "Generic.Malware",
      }),
      popular_threat_classification: {
        suggested_threat_label: "trojan.dropper/msil",
        popular_threat_category: [{ value: "trojan", count: 21 }],
        popular_threat_name: [{ value: "dropper", count: 12 }],
      },
      sandbox_verdicts: {
        Zenbox: {
          category: "malicious",
          sandbox_name: "Zenbox",
          malware_classification: ["MALWARE", "TROJAN"],
          confidence: 100,
        },
      },
      sigma_analysis_stats: { critical: 0, high: 1, medium: 2, low: 0 },
      crowdsourced_ids_stats: { high: 0, medium: 0, low: 4, info: 0 },
      signature_info: { "file version": "1.0.0.0" },
    },
    relationships: {
      // The malicious domain's report names the file: either side is enough.
      contacted_domains: [{ type: "domain", id: "cdn.example.org" }],
    },
  };
}

function cleanFile(today: number): VirusTotalObject {
  const { md5, sha1, sha256 } = knownToVirusTotal.cleanFile;
  return {
    type: "file",
    id: sha256,
    attributes: {
      md5,
      sha1,
      sha256,
      meaningful_name: "contoso-agent.exe",
      names: ["contoso-agent.exe", "agent.exe"],
      type_description: "Win32 EXE",
      type_tag: "peexe",
      magic: "PE32+ executable (GUI) x86-64, for MS Windows",
      size: 201216,
      creation_date: today - 560 * day,
      first_submission_date: today - 557 * day,
      last_submission_date: today - 3 * day,
      last_analysis_date: today - 3 * day + 123,
      last_modification_date: today - 3 * day + 3456,
      times_submitted: 412,
      unique_sources: 97,
      reputation: 12,
      total_votes: { harmless: 3, malicious: 0 },
      tags: ["64bits", "signed", "peexe", "overlay", "trusted"],
      last_analysis_stats: fileStats({ undetected: 72, failure: 1, "type-unsupported": 4 }),
      last_analysis_results: engines("undetected", { Bkav: null, Lionic: null }),
      trusted_verdict: {
        organization: "Contoso Corporation",
        verdict: "goodware",
        generator: "Contoso Corporation",
        filename: "contoso-agent.exe",
      },
      signature_info: {
        verified: "Signed",
        copyright: "© Contoso Corporation. All rights reserved.",
        product: "Contoso® Endpoint Agent",
        description: "Contoso Endpoint Agent",
        "original name": "contoso-agent.exe",
        "internal name": "contoso-agent",
        "file version": "10.4.19041.1",
        "signing date": "09:05 AM 02/01/2024",
        signers: "Contoso Corporation; Contoso Code Signing CA; Contoso Root CA",
      },
    },
  };
}

function cleanAddress(today: number): VirusTotalObject {
  return {
    type: "ip_address",
    id: knownToVirusTotal.cleanAddress,
    attributes: {
      as_owner: "GOOGLE",
      asn: 15169,
      network: "8.8.8.0/24",
      country: "US",
      continent: "NA",
      regional_internet_registry: "ARIN",
      last_analysis_date: today - day,
      last_modification_date: today,
      last_analysis_stats: stats({ harmless: 62, undetected: 32 }),
      last_analysis_results: engines("harmless", { BitDefender: "clean" }),
      reputation: 556,
      total_votes: { harmless: 236, malicious: 44 },
      tags: [],
    },
  };
}

function maliciousAddress(today: number): VirusTotalObject {
  return {
    type: "ip_address",
    id: knownToVirusTotal.maliciousAddress,
    attributes: {
      as_owner: "CLOUD-SOUTH",
      asn: 13886,
      network: "138.128.150.0/24",
      country: "GB",
      continent: "EU",
      regional_internet_registry: "RIPE NCC",
      last_analysis_date: today - day,
      last_modification_date: today,
      last_analysis_stats: stats({ harmless: 70, malicious: 11, undetected: 12 }),
      last_analysis_results: engines("malicious", { BitDefender: "malware", Webroot: "malicious" }),
      reputation: 1,
      total_votes: { harmless: 1, malicious: 0 },
      tags: [],
    },
    relationships: {
      communicating_files: [{ type: "file", id: knownToVirusTotal.maliciousFile.sha256 }],
      resolutions: [
        {
          type: "resolution",
          id: `${knownToVirusTotal.maliciousAddress}${knownToVirusTotal.maliciousDomain}`,
        },
      ],
    },
  };
}

function maliciousDomain(today: number): VirusTotalObject {
  return {
    type: "domain",
    id: knownToVirusTotal.maliciousDomain,
    attributes: {
      registrar: "CommuniGal Communication Ltd.",
      creation_date: today - 12 * day,
      last_update_date: today - 12 * day,
      last_modification_date: today,
      last_analysis_date: today - day,
      last_analysis_stats: stats({ harmless: 76, malicious: 6, undetected: 11 }),
      last_analysis_results: engines("malicious", { Fortinet: "phishing", Webroot: "malicious" }),
      categories: { "Forcepoint ThreatSeeker": "phishing and other frauds" },
      reputation: -37,
      total_votes: { harmless: 0, malicious: 2 },
      tags: [],
    },
    relationships: {
      communicating_files: [{ type: "file", id: knownToVirusTotal.maliciousFile.sha256 }],
      resolutions: [
        {
          type: "resolution",
          id: `${knownToVirusTotal.maliciousAddress}${knownToVirusTotal.maliciousDomain}`,
        },
      ],
    },
  };
}

function maliciousUrl(today: number): VirusTotalObject {
  return {
    type: "url",
    id: "35bee395de662f25eb7f5182f91e1bea39fd7ca1e474a074e5c0b84183eeb1a9",
    attributes: {
      url: knownToVirusTotal.maliciousUrl,
      last_final_url: "https://login-update.example.net/owa/auth/logon.html",
      title: "Sign in to your account",
      last_http_response_code: 200,
      categories: { Sophos: "phishing and fraud" },
      threat_names: ["Mal/HTMLGen-A"],
      first_submission_date: today - 5 * day,
      last_submission_date: today - day,
      last_analysis_date: today - day,
      last_modification_date: today,
      times_submitted: 7,
      last_analysis_stats: stats({ malicious: 14, suspicious: 2, undetected: 24, harmless: 57 }),
      last_analysis_results: engines("malicious", { Fortinet: "phishing", Sophos: "phishing" }),
      reputation: -11,
      total_votes: { harmless: 0, malicious: 2 },
      tags: [],
    },
    relationships: {
      last_serving_ip_address: { type: "ip_address", id: knownToVirusTotal.maliciousAddress },
      redirects_to: null,
    },
  };
}

/** What VirusTotal says of any private IP address: engines that rate nothing, and votes. */
export function privateAddressReport(address: string): VirusTotalObject {
  return {
    type: "ip_address",
    id: address,
    attributes: {
      last_analysis_date: 1751271188,
      last_modification_date: 1751281075,
      last_analysis_stats: stats({ harmless: 62, undetected: 32 }),
      last_analysis_results: engines("undetected", { Cluster25: "unrated" }),
      total_votes: { harmless: 43, malicious: 17 },
      reputation: -9,
      tags: [],
    },
  };
}

function stats(counts: Readonly<Record<string, number>>) {
  return { malicious: 0, suspicious: 0, undetected: 0, harmless: 0, timeout: 0, ...counts };
}

function fileStats(counts: Readonly<Record<string, number>>) {
  return stats({ "confirmed-timeout": 0, failure: 0, "type-unsupported": 0, ...counts });
}

function engines(category: string, results: Readonly<Record<string, string | null>>) {
  return Object.fromEntries(
    Object.entries(results).map(([engine, result]) => [
      engine,
      { method: "blacklist", engine_name: engine, category, result },
    ]),
  );
}
