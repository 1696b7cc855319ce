import { fileOutcomeFrom, urlOutcomeFrom } from "../../clients/intezer/answer";
import { outcomeFrom } from "../../clients/virustotal/answer";
import { itemOf } from "../../domain/comment/item";
import type { IndicatorKind } from "../../domain/indicators/indicator";
import type { Lookup } from "../../domain/report/report";
import { type Finding, summarize } from "../../domain/report/summary";
import type { Verdict } from "../../domain/verdict";
import { bodyOf as intezerBodyOf } from "../clients/intezer/setup";
import { indicator, notAsked, pending, report } from "./reports";
import { reportOf } from "./virustotal-fixtures";

const thresholds = { maliciousFrom: 5, suspiciousFrom: 2 };
const now = Date.UTC(2026, 10, 22, 14, 5);

type Replaced = Readonly<Record<string, unknown>>;

/** What VirusTotal's client makes of a recorded report, with some attributes replaced or taken out. */
export function vt(kind: IndicatorKind, name: string, replaced?: Replaced): Lookup {
  const recorded = reportOf(name, replaced);
  return outcomeFrom(recorded, { kind, value: recorded.id }, thresholds, now);
}

/** A file that nothing is recorded of but its engines and what a case adds. */
export function engines(malicious: number, of: number, more: Replaced = {}): Lookup {
  return vt("file", "file-clean-minimal", {
    last_analysis_stats: { malicious, suspicious: 0, harmless: 0, undetected: of - malicious },
    ...more,
  });
}

const readable = (outcome: Lookup | undefined): Lookup => {
  if (!outcome) throw new Error("The recorded result could not be read");
  return outcome;
};

/** What Intezer's client makes of a recorded result of a file. */
export function intezerFile(name: string, replaced: Replaced = {}): Lookup {
  return readable(fileOutcomeFrom({ ...(intezerBodyOf(name).result as object), ...replaced }));
}

export function intezerUrl(name: string, replaced: Replaced = {}): Lookup {
  return readable(urlOutcomeFrom({ ...(intezerBodyOf(name).result as object), ...replaced }));
}

export const failed: Lookup = { kind: "failed", reason: "VirusTotal answered with HTTP 503" };
export const quotaSpent: Lookup = { kind: "notChecked", cause: "quota", reason: "the key's quota is spent" };
export const analysing: Lookup = pending;

export interface Case {
  readonly what: string;
  readonly virustotal: Lookup;
  readonly intezer?: Lookup;
  readonly verdict: Verdict;
  /** What stands behind the indicator in the comment: the services' figures, then facts. */
  readonly why: readonly string[];
  /** Default `checked`. */
  readonly coverage?: Finding["coverage"];
  /** Default false. */
  readonly disputed?: boolean;
}

/** Value of the indicator of a case, by its kind. */
const values: Readonly<Record<IndicatorKind, string>> = {
  file: "a".repeat(64),
  address: "138.128.150.133",
  domain: "tawuhoju.com",
  url: "http://login-update.example.net/secure/",
};

/** How the app judges a case, and what the comment says of it. */
export function judged(kind: IndicatorKind, { virustotal, intezer }: Case) {
  const given = report([[indicator(kind, values[kind]), virustotal, intezer ?? notAsked]]);
  const [finding] = summarize(given).findings;
  if (!finding) throw new Error("A report of one indicator has a finding");
  const { figures, facts } = itemOf(given, finding);
  return {
    verdict: finding.verdict,
    why: [...figures.map(({ provider, text }) => `${provider} ${text}`), ...facts],
    coverage: finding.coverage,
    disputed: finding.disputed,
  };
}

/** The same of what a case expects. */
export function expected({ verdict, why, coverage = "checked", disputed = false }: Case) {
  return { verdict, why, coverage, disputed };
}
