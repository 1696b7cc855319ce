import { shortView } from "../../domain/comment/fit";
import type { CommentView } from "../../domain/comment/view";
import { addendumView } from "../../domain/comment/view";
import type { Lookup } from "../../domain/report/report";
import type { Verdict } from "../../domain/verdict";
import { hostileReport } from "./hostile-report";
import { relatedTo } from "./related";
import {
  addresses,
  answered,
  failed,
  file,
  indicator,
  noCopy,
  noRecord,
  ordinaryReport,
  pending,
  type Row,
  rejected,
  report,
  sha256,
  spent,
  taken,
  triage,
  triageDetails,
  unreadable,
  updateOf,
  viewOf,
} from "./reports";

const off: Lookup = { kind: "off", reason: "the setting INTEZER_URLS switches this off" };
const cdn = "login.contoso-cdn.net";
const longUrl = `https://${cdn}/${"aVeryLongSegmentWithoutABreak".repeat(6)}?token=${"x".repeat(80)}`;
const waiting: readonly Row[] = [
  [file, answered("clean"), pending],
  [indicator("address", "8.8.8.8"), spent],
];

function mixed(count: number): readonly Row[] {
  const verdicts: readonly Verdict[] = ["malicious", "suspicious", "unknown", "clean"];
  return Array.from({ length: count }, (_, i): Row => {
    const verdict = verdicts[i % 4] ?? "unknown";
    return [
      indicator("address", `93.184.${i}.1`),
      answered(verdict, {
        summary: `${i} of 94 engines`,
        context: `AS${i} CONTOSO-${i}, US`,
        link: `https://www.virustotal.com/gui/ip-address/93.184.${i}.1`,
        card: {
          brief: [`Webroot (malicious). Network 93.184.${i}.0/24. Votes: ${i} malicious.`],
          sections: [],
        },
      }),
    ];
  });
}

/** One comment of each kind that an analyst may get to see. */
export const commentKinds: Readonly<Record<string, CommentView>> = {
  "threat found": viewOf(
    ordinaryReport({ triage: taken("confirmed_threat", triageDetails), incidentSubmitted: true }),
  ),
  "every field": viewOf(ordinaryReport(), { detail: "full" }),
  "no known threat": viewOf(addresses("clean", "clean")),
  "one clean indicator": viewOf(addresses("clean")),
  "not known": viewOf(report([[file, noRecord, noCopy]])),
  "nothing to look up": viewOf(
    report([], { leftOut: [{ entityKind: "Ip", value: "10.20.30.40", reason: "private address" }] }),
  ),
  unreadable: viewOf({
    ...addresses("clean"),
    leftOut: ["n/a", "unknown", "-", "0.0.0.0.0"].map(unreadable),
  }),
  "rejected key": viewOf(addresses(rejected, rejected, rejected)),
  "quota spent and pending": viewOf(
    report(waiting, { triage: { kind: "pending" }, incidentSubmitted: true }),
  ),
  "faults beside a threat": viewOf(addresses("malicious", failed, "clean", failed)),
  "providers disagree": viewOf(report([[file, answered("malicious"), answered("clean", { trusted: true })]])),
  "triage disagrees": viewOf({ ...addresses("malicious", "clean"), triage: taken("false_positive") }),
  "links between indicators": viewOf(
    report([
      ...["invoice.exe", "setup.exe", "a.dll", "b.dll", "c.dll", "d.dll"].map((name, i): Row => {
        const related = relatedTo("contacts", indicator("domain", cdn), indicator("url", longUrl));
        return [indicator("file", sha256(String(i)), [name]), answered("malicious", { related })];
      }),
      [indicator("domain", cdn), answered("malicious")],
      [indicator("url", longUrl), answered("suspicious")],
    ]),
  ),
  "forty addresses": viewOf(addresses("malicious", ...Array<Lookup>(39).fill(noRecord))),
  "forty of all verdicts": viewOf(report(mixed(40))),
  "long values": viewOf(
    report([
      [
        indicator("url", longUrl),
        answered("malicious", { summary: "14 of 97 engines", context: longUrl }),
        off,
      ],
      [
        indicator("file", sha256("d"), [
          "Quarterly_Report_of_the_Finance_Department_Final_Version_2.pdf.exe",
        ]),
        answered("suspicious", { card: { sections: [{ title: "Names", rows: [["Other", longUrl]] }] } }),
      ],
    ]),
  ),
  "hostile text": viewOf(hostileReport()),
  update: viewOf(
    updateOf(
      report([
        [file, answered("clean"), answered("malicious", { summary: "malicious, Orcus RAT" })],
        [indicator("address", "8.8.8.8"), spent],
      ]),
      waiting,
    ),
  ),
  addendum: addendumView(triage("confirmed_threat", triageDetails), "0123456789abcdef", {
    version: "1.2.3",
    lengthLimit: 29_000,
    at: Date.UTC(2026, 10, 22, 15, 0),
    incident: ordinaryReport().incident,
    before: "clean",
  }),
  "little room left": shortView(viewOf(ordinaryReport()), { present: 93, most: 100 }, "sentinel-1"),
};
