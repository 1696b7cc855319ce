import { knownToVirusTotal } from "./virustotal-reports";

/** How analyses of a thing go. */
export interface AnalysisPlan {
  /** Default `succeeds`. */
  readonly analysis?: "succeeds" | "fails" | "neverEnds";
  /** A rule of the account keeps it from being analysed. */
  readonly isSkippedByRule?: boolean;
}

/** A file that Intezer has a copy of. */
export interface IntezerFile extends AnalysisPlan {
  readonly sha256: string;
  readonly sha1?: string;
  readonly md5?: string;
  /** What an analysis finds, as `result` has it: `verdict`, `sub_verdict`, `family_name`, `file_name`, ... */
  readonly findings: Readonly<Record<string, unknown>>;
  /** Body that lists whose code it consists of; absent: the route answers 409. */
  readonly codeReuse?: Readonly<Record<string, unknown>>;
  /** What it did when it ran; absent: the route answers 404. */
  readonly behaviours?: readonly Readonly<Record<string, unknown>>[];
  /** Body that describes it; absent: the route answers 404. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The latest result before an analysis is requested; default `none`. */
  readonly latest?: "none" | "present" | "expired";
}

export interface IntezerUrl extends AnalysisPlan {
  readonly url: string;
  /** What an analysis finds, as `result` has it: `summary`, `indicators`, ... */
  readonly findings: Readonly<Record<string, unknown>>;
  readonly isOffline?: boolean;
}

/** How the triage of an alert ends: keys of the alert object, among them `triage_result`, `response` and `note`. */
export type TriageFindings = Readonly<Record<string, unknown>>;

/** What the simulator knows from the start. It is the world of VirusTotal's simulator, as Intezer sees it. */
export const builtInFiles: readonly IntezerFile[] = [
  {
    ...knownToVirusTotal.maliciousFile,
    latest: "present",
    findings: {
      verdict: "malicious",
      sub_verdict: "known_malicious",
      family_id: "4b6a00eb-3052-4b54-b1a3-4df563375ff3",
      family_name: "AgentTesla",
      file_name: "invoice-4711.pdf.exe",
      is_private: false,
    },
    codeReuse: {
      gene_type: "native_windows",
      gene_count: 412,
      unique_gene_count: 31,
      common_gene_count: 102,
      families: [
        {
          family_id: "4b6a00eb-3052-4b54-b1a3-4df563375ff3",
          family_name: "AgentTesla",
          family_type: "malware",
          reused_gene_count: 279,
        },
      ],
    },
    behaviours: [
      {
        name: "dead_connect",
        description: "Attempts to connect to a dead IP:Port (3 unique times)",
        severity: 1,
        data: [{ IP: "192.0.2.80:80" }],
      },
      {
        name: "InjectionInterProcess",
        description: "Injects code into another process",
        severity: 3,
        data: [{ cid: 1, pid: 1, type: "call" }],
        ttps: [{ name: "Defense Evasion::Process Injection", ttp: "T1055" }],
      },
    ],
    metadata: {
      ...knownToVirusTotal.maliciousFile,
      size_in_bytes: 3113984,
      file_type: "pe",
      architecture: "i386",
      original_filename: "invoice-4711.pdf.exe",
      compilation_timestamp: "2026:10:13 00:00:00+00:00",
      indicators: [{ name: "dotnet", classification: "informative" }],
    },
  },
  {
    ...knownToVirusTotal.cleanFile,
    findings: {
      verdict: "trusted",
      sub_verdict: "known_trusted",
      family_id: "5be245ca-793c-4991-9329-c42d6365a530",
      family_name: "Contoso Corporation",
      file_name: "contoso-agent.exe",
      is_private: false,
    },
  },
];

export const builtInUrls: readonly IntezerUrl[] = [
  {
    url: knownToVirusTotal.maliciousUrl,
    findings: {
      summary: {
        verdict_type: "malicious",
        verdict_name: "phishing",
        title: "Malicious URL",
        description: "This URL hosts a phishing page",
      },
      indicators: [
        { classification: "malicious", indicator_type: "phishing_page", text: "Phishing page" },
        { classification: "suspicious", indicator_type: "young_domain", text: "Domain was created recently" },
        { classification: "informative", text: "URL is accessible" },
      ],
      api_void_risk_score: 88,
    },
  },
];

/** Findings about any other URL. */
export const unsuspiciousUrl = {
  summary: {
    verdict_type: "no_threats",
    verdict_name: "no_threats",
    title: "No Threats",
    description: "No suspicious activity was detected for this URL",
    main_connection_gene_count: 0,
    main_connection_gene_percentage: 0,
  },
  indicators: [{ classification: "informative", text: "URL is accessible" }],
  api_void_risk_score: 0,
};

/** How every triage ends by default. */
export const confirmedThreat: TriageFindings = {
  triage_result: {
    alert_verdict: "confirmed_threat",
    alert_verdict_display: "Confirmed Threat",
    risk_category: "generic_threat",
    risk_category_display: "Generic Threat",
    risk_level: "high",
    risk_level_display: "High",
    risk_score: 20,
    family_name: "AgentTesla",
    family_id: "4b6a00eb-3052-4b54-b1a3-4df563375ff3",
    threat_name: "AgentTesla",
    families: [],
  },
  response: {
    status: "escalated",
    status_display: "Escalated",
    automated_response_actions: [],
    user_recommended_actions: ["isolate_device", "reset_credentials"],
    user_recommended_actions_display: "Isolate the device\nReset the user's credentials",
  },
  note: "<p>Intezer verdict: <b>Confirmed Threat</b>. Risk category: Generic Threat.</p>",
};
