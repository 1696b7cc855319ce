import { describe, expect, test } from "vitest";
import { addendumView, type CommentView, deliveryMark, toCommentView } from "../../domain/comment-view";
import type { LookUp, RunReport } from "../../domain/run-report";
import { summarize } from "../../domain/summary";
import type { Verdict } from "../../domain/verdict";
import {
  answered,
  indicator,
  notAsked,
  ordinaryReport,
  pending,
  report,
  sha256,
  share,
  startedAt,
  taken,
  triage,
} from "../support/reports";

const viewOf = (given: RunReport): CommentView =>
  toCommentView(given, summarize(given), { version: "1.2.3" });

const addresses = (...verdicts: readonly (Verdict | LookUp)[]): RunReport =>
  report(
    verdicts.map((verdict, i) => [
      indicator("address", `8.8.${i}.1`),
      typeof verdict === "string" ? answered(verdict) : verdict,
    ]),
  );

const failed: LookUp = { kind: "failed", reason: "HTTP 503" };
const off: LookUp = { kind: "off", reason: "VIRUSTOTAL_KINDS" };
const file = indicator("file", sha256("a"), ["invoice.exe"]);

describe("headline", () => {
  test.each<[RunReport, string]>([
    [
      addresses("malicious", "suspicious", "suspicious", "clean", failed),
      "Threat found: 1 malicious, 2 suspicious of 5 indicators; 4 of 5 checked.",
    ],
    [addresses("suspicious"), "Threat suspected: 1 suspicious of 1 indicator; 1 of 1 checked."],
    [
      addresses("clean", failed, off),
      "Verdict unknown: 2 unknown of 3 indicators; 1 of 3 checked, 1 switched off.",
    ],
    [addresses("clean", "clean"), "No known threat: 2 of 2 indicators checked."],
    [
      report([
        [file, answered("clean"), pending],
        [file, answered("clean"), answered("clean")],
      ]),
      "No known threat: 1 of 2 indicators checked, 1 not checked. This does not clear the incident.",
    ],
    [
      { ...addresses("clean"), incidentSubmitted: true, triage: { kind: "pending" } },
      "No known threat: 1 of 1 indicator checked. This does not clear the incident.",
    ],
    [report([]), "Verdict unknown: nothing to look up."],
    [
      report([], { triage: taken("confirmed_threat") }),
      "Threat found: Intezer's triage is Confirmed Threat.",
    ],
    [report([], { triage: taken("false_positive") }), "Verdict unknown: nothing to look up."],
    [
      { ...addresses("clean"), triage: taken("confirmed_threat") },
      "Threat found: Intezer's triage is Confirmed Threat; none of 1 indicator malicious or suspicious; 1 of 1 checked.",
    ],
    [
      { ...addresses("malicious"), triage: taken("confirmed_threat") },
      "Threat found: 1 malicious of 1 indicator; 1 of 1 checked.",
    ],
  ])("%#: %s", (given, headline) => expect(viewOf(given).headline).toBe(headline));
});

describe("notes", () => {
  test("say what is missing, why, and when it will be possible", () => {
    const possibleAt = Date.UTC(2026, 10, 23);
    const given = report(
      [
        [
          file,
          { kind: "notChecked", cause: "quota", reason: "The key's quota of the day is spent", possibleAt },
          pending,
        ],
        [
          indicator("url", "http://a.com/"),
          { kind: "notAnswered", reason: "no answer before the deadline" },
          { kind: "off", reason: "INTEZER_URLS" },
        ],
      ],
      { triage: { kind: "failed", reason: "HTTP 400: the mapping was refused" } },
    );
    expect(viewOf(given).notes).toEqual([
      "VirusTotal: 1 indicator not checked. The key's quota of the day is spent. Possible again from 2026-11-23 00:00 UTC.",
      "VirusTotal: 1 indicator not answered in time. No answer before the deadline.",
      "Intezer: 1 indicator pending. Intezer is analysing it.",
      "What is still open is told in another comment.",
      "The incident could not be submitted to Intezer. HTTP 400: the mapping was refused.",
      "Intezer was not asked about URLs (INTEZER_URLS).",
    ]);
  });

  test("say that a triage is awaited", () => {
    const given = { ...addresses("clean"), incidentSubmitted: true, triage: { kind: "pending" } as const };
    expect(viewOf(given).notes).toEqual([
      "Intezer's triage of the incident is pending; it is told in another comment when it comes.",
    ]);
  });

  test("are none when everything was answered", () => expect(viewOf(ordinaryReport()).notes).toEqual([]));

  test("name ten causes and count the others", () => {
    const { notes } = viewOf(
      addresses(...Array.from({ length: 14 }, (_, i): LookUp => ({ kind: "failed", reason: `fault ${i}` }))),
    );
    expect(notes).toHaveLength(11);
    expect(notes.at(-1)).toBe("For other reasons not checked: 4 look-ups.");
  });
});

describe("table", () => {
  test("has the worst first, and a cell for each provider that was asked", () => {
    const { columns, rows } = viewOf(ordinaryReport());
    expect(columns).toEqual(["VirusTotal", "Intezer"]);
    expect(
      rows.map(({ verdictText, kind, value }) => `${verdictText} ${kind} ${value.slice(0, 30)}`),
    ).toEqual([
      `Malicious File ${"a".repeat(30)}`,
      "Suspicious URL hxxps://login[.]example[.]com/",
      `Unknown File ${"c".repeat(30)}`,
      `Clean File ${"b".repeat(30)}`,
      "Clean URL hxxp://files[.]example[.]org/q",
      "Clean Domain malware-c2[.]example[.]com",
      "Clean Address 8[.]8[.]8[.]8",
      "Clean Address 2606:4700:4700::1111",
    ]);
    expect(rows[0]).toMatchObject({
      name: "invoice_2026.exe",
      value: sha256("a"),
      context: "Win32 EXE, signature does not hold: revoked",
    });
  });

  test("has no column for a provider that nothing was asked of", () => {
    const given = report([
      [file, answered("clean"), { kind: "off", reason: "INTEZER_FILES" }],
      [indicator("address", "8.8.8.8"), answered("clean")],
    ]);
    expect(viewOf(given).columns).toEqual(["VirusTotal"]);
  });

  test.each<[LookUp, string]>([
    [
      answered("malicious", { summary: "54 of 72 engines", assessedAt: startedAt }),
      "VirusTotal: 54 of 72 engines, 2026-11-22 14:05 UTC",
    ],
    [{ kind: "notKnown", reason: "VirusTotal has no record" }, "VirusTotal: has no record"],
    [{ kind: "off", reason: "x" }, "VirusTotal: off"],
    [{ kind: "notChecked", cause: "key", reason: "x" }, "VirusTotal: not checked"],
    [failed, "VirusTotal: no usable answer"],
    [{ kind: "notAnswered", reason: "x" }, "VirusTotal: not answered in time"],
    [pending, "VirusTotal: pending"],
    [notAsked, "–"],
  ])("%j reads %s", (lookUp, expected) => {
    // The second indicator keeps VirusTotal's column where the first one has nothing in it.
    const { rows } = viewOf(
      report([
        [file, lookUp],
        [indicator("address", "8.8.8.8"), answered("clean")],
      ]),
    );
    const [cell] = rows.find(({ kind }) => kind === "File")?.cells ?? [];
    expect(cell?.title ? `${cell.title}: ${cell.text}` : cell?.text).toBe(expected);
  });

  test("takes a file's name from a service when the incident has none", () => {
    const given = report([[indicator("file", sha256("a")), answered("clean", { name: "setup.exe" })]]);
    expect(viewOf(given).rows[0]?.name).toBe("setup.exe");
  });

  test("shows two names of a file and counts the others", () => {
    const given = report([[indicator("file", sha256("a"), ["a.exe", "b.exe", "c.exe"]), answered("clean")]]);
    expect(viewOf(given).rows[0]?.name).toBe("a.exe, b.exe and 1 more");
  });

  test("keeps ten clean rows", () => {
    const { rows, folds } = viewOf(addresses(...Array<Verdict>(10).fill("clean"), "malicious"));
    expect(rows).toHaveLength(11);
    expect(folds).toEqual([]);
  });

  test("folds eleven clean rows into a line that names them", () => {
    const { rows, folds } = viewOf(addresses(...Array<Verdict>(11).fill("clean"), "malicious"));
    expect(rows.map(({ verdict }) => verdict)).toEqual(["malicious"]);
    expect(folds).toEqual([
      { verdict: "clean", more: 0, values: Array.from({ length: 11 }, (_, i) => `8[.]8[.]${i}[.]1`) },
    ]);
  });
});

describe("cards", () => {
  const card = { sections: [{ title: "Analyses", rows: [["Malicious", "54"]] as const }] };

  test("are shown of bad indicators only, the worst five, and the others counted", () => {
    const verdicts: Verdict[] = [
      "clean",
      "suspicious",
      "malicious",
      "unknown",
      ...Array<Verdict>(5).fill("suspicious"),
    ];
    const given = report(
      verdicts.map((verdict, i) => [indicator("address", `8.8.${i}.1`), answered(verdict, { card })]),
    );
    const { cards, moreCards } = viewOf(given);
    expect(cards.map(({ title }) => title)).toEqual([2, 1, 4, 5, 6].map((i) => `Address 8[.]8[.]${i}[.]1`));
    expect(moreCards).toBe(2);
    expect(cards[0]?.parts).toEqual([{ provider: "VirusTotal", sections: card.sections }]);
  });
});

describe("left out", () => {
  test("is counted by reason, with the first ten values", () => {
    const leftOut = Array.from({ length: 12 }, (_, i) => ({
      entityKind: "Ip",
      value: `10.0.0.${i}`,
      reason: "private address",
    }));
    const host = { entityKind: "Host", value: "WS-0042", reason: "entity kind that is not looked up" };
    const view = viewOf(report([], { leftOut: [host, ...leftOut] })).leftOut;
    expect(view?.total).toBe(13);
    expect(view?.reasons).toEqual(["private address (12)", "entity kind that is not looked up (1)"]);
    expect(view?.values).toEqual([
      "Host WS-0042",
      ...Array.from({ length: 9 }, (_, i) => `Ip 10[.]0[.]0[.]${i}`),
    ]);
  });

  test("is not mentioned when there is nothing", () =>
    expect(viewOf(report([]))).not.toHaveProperty("leftOut"));
});

describe("footer", () => {
  test("tells run, version, duration, and what was sent to whom", () => {
    expect(
      viewOf(ordinaryReport({ incidentSubmitted: true, triage: taken("confirmed_threat") })).footer,
    ).toEqual([
      "Sentinel Incident Enricher 1.2.3, run 1795356300000 of 2026-11-22 14:05 UTC, took 42 s",
      "Sent: the whole incident to Intezer; 3 files, 2 URLs, 1 domain, 2 addresses to VirusTotal; 3 files to Intezer",
      "Carries Intezer's delivery 0123456789abcdef",
    ]);
  });

  test("claims nothing was sent that was not", () => {
    const waiting: LookUp = { kind: "open", cause: "quota", reason: "not asked yet" };
    const spent: LookUp = { kind: "notChecked", cause: "quota", reason: "x" };
    expect(viewOf(addresses(off, notAsked, waiting, spent)).footer[1]).toBe("Sent: nothing");
  });
});

describe("update", () => {
  const other = indicator("address", "8.8.8.8");
  const first = [
    share("VirusTotal", [answered("clean"), answered("clean"), answered("suspicious")]),
    share("Intezer", [pending, pending, notAsked]),
  ];
  const updateWith = (one: LookUp, two: LookUp): RunReport => ({
    ...report([
      [file, answered("clean"), one],
      [indicator("file", sha256("b")), answered("clean"), two],
      [other, answered("suspicious")],
    ]),
    part: "update",
    before: first,
    triage: taken("confirmed_threat"),
    leftOut: [{ entityKind: "Ip", value: "10.0.0.1", reason: "private address" }],
  });
  const late: LookUp = { kind: "notAnswered", reason: "no answer before the deadline" };

  test("tells what came and what did not, and nothing else", () => {
    const view = viewOf(updateWith(answered("malicious"), late));
    expect(view.headline).toBe(
      "Update. Threat found: 1 malicious, 1 suspicious of 3 indicators; 2 of 3 checked.",
    );
    expect(view.notes).toEqual([
      "2 look-ups were open in the first comment: 1 answered, 1 not.",
      "Intezer: 1 indicator not answered in time. No answer before the deadline.",
    ]);
    expect(view.reasons).toEqual([
      "Intezer on file invoice.exe (aaaaaaaaaaaa…): Said to be malicious. The providers disagree: VirusTotal calls it clean.",
    ]);
    expect(view.rows.map(({ verdictText, value }) => [verdictText, value])).toEqual([
      ["Malicious (was clean)", sha256("a")],
      ["Clean", sha256("b")],
    ]);
    expect(view).not.toHaveProperty("leftOut");
  });

  test("does not tell a triage again, nor claim its delivery", () => {
    const view = viewOf(updateWith(answered("clean"), answered("clean")));
    expect(view).not.toHaveProperty("triage");
    expect(view.footer.join()).not.toContain("delivery");
  });

  test.each([
    [
      answered("clean"),
      answered("clean"),
      "2 look-ups were open in the first comment: all have been answered.",
    ],
    [late, failed, "2 look-ups were open in the first comment: none has been answered."],
  ])("%#: says how it ended", (one, two, outcome) =>
    expect(viewOf(updateWith(one, two)).notes[0]).toBe(outcome),
  );
});

describe("addendum", () => {
  const at = Date.UTC(2026, 10, 22, 15, 0);

  test.each([
    ["confirmed_threat", "Threat found. Intezer has triaged the incident: Confirmed Threat."],
    ["suspicious_behavior", "Threat suspected. Intezer has triaged the incident: Suspicious Behavior."],
    ["inconclusive", "Intezer has triaged the incident: Inconclusive."],
    ["false_positive", "Intezer has triaged the incident: False Positive. This does not clear the incident."],
  ])("%s: %s", (verdict, headline) => {
    expect(addendumView(triage(verdict), "0123456789abcdef", { version: "1.2.3", at }).headline).toBe(
      headline,
    );
  });

  test("tells the triage and carries its delivery", () => {
    const full = triage("confirmed_threat", {
      riskLevel: "High",
      riskCategory: "Malware",
      family: "Carbanak",
      note: "Isolate it.",
      recommendedActions: ["Isolate the host."],
      link: "https://analyze.intezer.com/alerts/1",
      updatedAt: at,
    });
    const view = addendumView(full, "0123456789abcdef", {
      version: "1.2.3",
      at,
      incident: ordinaryReport().incident,
    });
    expect(view.triage).toEqual({
      facts: [
        ["Verdict", "Confirmed Threat"],
        ["Risk", "High, Malware"],
        ["Family", "Carbanak"],
        ["Updated", "2026-11-22 15:00 UTC"],
      ],
      actions: ["Isolate the host."],
      note: "Isolate it.",
      link: "https://analyze.intezer.com/alerts/1",
    });
    expect(view.footer.at(-1)).toContain(deliveryMark("0123456789abcdef"));
    expect(view.incident).toEqual({
      text: "Incident 4712",
      url: "https://security.microsoft.com/incident2/98765/overview",
    });
  });
});
