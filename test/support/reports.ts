import { type CommentView, toCommentView, type ViewOptions } from "../../domain/comment/view";
import type { Indicator, IndicatorKind, LeftOut } from "../../domain/indicators/indicator";
import type { Answer, Outcome } from "../../domain/lookups/provider";
import type { Lookup, OpenLookup, ReportItem, RunReport } from "../../domain/report/report";
import { summarize } from "../../domain/report/summary";
import type { Triage } from "../../domain/report/triage";
import type { Verdict } from "../../domain/verdict";

export const startedAt = Date.UTC(2026, 10, 22, 14, 5);
export const sha256 = (digit: string) => digit.repeat(64);

export function indicator(kind: IndicatorKind, value: string, names?: readonly string[]): Indicator {
  return {
    kind,
    value,
    ...(kind === "file" ? { hashes: { sha256: value } } : {}),
    ...(names ? { names } : {}),
  };
}

/** An answer with nothing but its verdict, and what a test adds. */
export function answered(verdict: Verdict, more: Partial<Answer> = {}): Outcome {
  return {
    kind: "answered",
    answer: { verdict, reasons: [`Said to be ${verdict}.`], summary: verdict, ...more },
  };
}

/** The lookup of a provider that does not look up this kind of indicator. */
export const notAsked = undefined;
export const pending: Lookup = open("pending", "Intezer is analysing it");

export function open(cause: OpenLookup["cause"], reason: string): OpenLookup {
  return { kind: "open", cause, reason, dueAt: 0, faults: 0 };
}

/** What should be an indicator but could not be read. */
export function unreadable(value: string): LeftOut {
  return { entityKind: "Ip", value, reason: "not a valid IP address", unreadable: true };
}

export const failed: Lookup = { kind: "failed", reason: "HTTP 503" };
export const noRecord: Extract<Lookup, { kind: "notKnown" }> = {
  kind: "notKnown",
  reason: "VirusTotal has no record",
};
export const noCopy: Lookup = { kind: "notKnown", reason: "Intezer has no copy of the file" };
export const rejected: Lookup = {
  kind: "notChecked",
  cause: "key",
  reason: "VirusTotal rejected the API key: see VIRUSTOTAL_API_KEY",
};
export const spent: Lookup = {
  kind: "notChecked",
  cause: "quota",
  reason: "the quota of 500 requests a day is used up",
  possibleAt: Date.UTC(2026, 10, 23),
};
/** A file as it comes most often, with a hash and a name. */
export const file = indicator("file", sha256("a"), ["invoice.exe"]);

/** A row of a report: an indicator with its lookups, in the order of the report's providers. */
export type Row = readonly [indicator: Indicator, ...lookups: readonly (Lookup | undefined)[]];

function itemsOf(rows: readonly Row[], titles: readonly string[]): readonly ReportItem[] {
  return rows.map(([each, ...lookups]) => ({
    indicator: each,
    lookups: Object.fromEntries(
      titles.flatMap((title, i) => (lookups[i] ? [[title.toLowerCase(), lookups[i]]] : [])),
    ),
  }));
}

/** A report of indicators with their lookups at VirusTotal and Intezer, or at the providers with these titles. */
export function report(
  rows: readonly Row[],
  more: Partial<RunReport> = {},
  titles: readonly string[] = ["VirusTotal", "Intezer"],
): RunReport {
  return {
    run: startedAt,
    part: "first",
    incident: {
      number: 4712,
      isUrgent: true,
      url: "https://security.microsoft.com/incident2/98765/overview",
      commentsCount: 0,
    },
    items: itemsOf(rows, titles),
    leftOut: [],
    hasMail: false,
    providers: titles.map((title) => ({ id: title.toLowerCase(), title })),
    triage: { kind: "none" },
    at: startedAt + 42_000,
    incidentSubmitted: false,
    ...more,
  };
}

/** The report as an update, and what the first comment said of its indicators; nothing of those that came since. */
export function updateOf(given: RunReport, before: readonly Row[], more: Partial<RunReport> = {}): RunReport {
  const shown = itemsOf(
    before,
    given.providers.map(({ title }) => title),
  );
  return {
    ...given,
    part: "update",
    items: given.items.map((item, i) => {
      const then = shown[i];
      return then ? { ...item, before: then.lookups } : item;
    }),
    ...more,
  };
}

/** A report of addresses, `8.8.<position>.1`, each with its verdict or lookup at VirusTotal. */
export function addresses(...lookups: readonly (Verdict | Lookup)[]): RunReport {
  return report(
    lookups.map((lookup, i) => [
      indicator("address", `8.8.${i}.1`),
      typeof lookup === "string" ? answered(lookup) : lookup,
    ]),
  );
}

/** What a comment shows of the report. */
export function viewOf(given: RunReport, options: Partial<ViewOptions> = {}): CommentView {
  return toCommentView(given, summarize(given), { version: "1.2.3", lengthLimit: 29_000, ...options });
}

export function triage(verdict: string, more: Partial<Triage> = {}): Triage {
  return {
    alertId: "73e01a99-5cd7-4139-a149-9f2736ff2ab5",
    verdict,
    verdictTitle: verdict.replace(
      /(^|_)(\w)/g,
      (_, space, letter) => (space ? " " : "") + letter.toUpperCase(),
    ),
    recommendedActions: [],
    ...more,
  };
}

export function taken(verdict: string, more: Partial<Triage> = {}): RunReport["triage"] {
  return { kind: "taken", triage: triage(verdict, more), deliveryId: "0123456789abcdef" };
}

/** What a triage may have besides its verdict. */
export const triageDetails: Partial<Triage> = {
  riskLevel: "High",
  riskCategory: "Malware",
  family: "Orcus RAT",
  note: "The file opens a remote shell. Isolate the host & reset the account.",
  recommendedActions: ["Isolate the host.", "Reset the account's password."],
  link: "https://analyze.intezer.com/alerts/73e01a99-5cd7-4139-a149-9f2736ff2ab5",
};

/** An incident such as analysts see every day: eight indicators of all kinds, all of them answered for. */
export function ordinaryReport(more: Partial<RunReport> = {}): RunReport {
  const assessedAt = Date.UTC(2026, 10, 20, 10, 0);
  const virusTotal = (verdict: Verdict, path: string, found: string, extra: Partial<Answer> = {}) =>
    answered(verdict, {
      reasons: [`${found} call it malicious.`],
      summary: found,
      link: `https://www.virustotal.com/gui/${path}`,
      assessedAt,
      ...extra,
    });
  const intezer = (verdict: Verdict, extra: Partial<Answer> = {}) =>
    answered(verdict, {
      reasons: [`Verdict ${verdict}.`],
      link: "https://analyze.intezer.com/analyses/ffeeddcc-0000-4000-8000-000000000001",
      assessedAt,
      ...extra,
    });
  return report(
    [
      [
        indicator("file", sha256("a"), ["invoice_2026.exe"]),
        virusTotal("malicious", `file/${sha256("a")}`, "54 of 72 engines", {
          context: "Win32 EXE, invalid signature: revoked",
          card: {
            brief: [
              "AVG (Win32:CrypterX-gen [Trj]). Threat label trojan.orcusrat/msil. Votes: 2 malicious.",
              "First seen 2026-11-17. 184 kB, PE32 executable.",
            ],
            sections: [
              {
                title: "Analyses",
                rows: [
                  ["Harmless", "0"],
                  ["Malicious", "54"],
                  ["Suspicious", "1"],
                  ["Undetected", "17"],
                ],
              },
              {
                title: "Basic Properties",
                rows: [
                  ["File type", "Win32 EXE"],
                  ["File size", "184320 bytes"],
                ],
              },
            ],
          },
        }),
        intezer("malicious", {
          summary: "malicious, Orcus RAT",
          reasons: ["Verdict malicious, family Orcus RAT."],
        }),
      ],
      [
        indicator("file", sha256("b"), ["cmd.exe"]),
        virusTotal("clean", `file/${sha256("b")}`, "0 of 74 engines", {
          context: "Win32 EXE, signed by Microsoft Windows",
        }),
        intezer("clean", { summary: "trusted", trusted: true }),
      ],
      [
        indicator("file", sha256("c")),
        { ...noRecord, link: `https://www.virustotal.com/gui/file/${sha256("c")}` },
        noCopy,
      ],
      [
        indicator("url", "https://login.example.com/a?x=1"),
        virusTotal("suspicious", `url/${sha256("d")}`, "2 of 91 engines", { context: "page title: Sign in" }),
      ],
      [
        indicator("url", "http://files.example.org/q"),
        virusTotal("clean", `url/${sha256("e")}`, "0 of 91 engines"),
      ],
      [
        indicator("domain", "malware-c2.example.com"),
        virusTotal("clean", "domain/malware-c2.example.com", "0 of 90 engines"),
      ],
      [
        indicator("address", "8.8.8.8"),
        virusTotal("clean", "ip-address/8.8.8.8", "0 of 90 engines", { context: "AS15169 Google LLC, US" }),
      ],
      [
        indicator("address", "2606:4700:4700::1111"),
        virusTotal("clean", "ip-address/2606:4700:4700::1111", "0 of 90 engines"),
      ],
    ],
    {
      leftOut: [
        { entityKind: "Ip", value: "10.20.30.40", reason: "private address" },
        { entityKind: "Ip", value: "192.168.50.35", reason: "private address" },
        { entityKind: "Host", value: "WS-0042", reason: "not an indicator" },
      ],
      ...more,
    },
  );
}
