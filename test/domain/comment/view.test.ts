import { describe, expect, test } from "vitest";
import { addendumView, deliveryMark } from "../../../domain/comment/view";
import type { Lookup } from "../../../domain/report/report";
import { addresses, open, ordinaryReport, report, taken, triage, viewOf } from "../../support/reports";

const off: Lookup = { kind: "off", reason: "VIRUSTOTAL_KINDS" };

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
    const waiting = open("quota", "not asked yet");
    const spent: Lookup = { kind: "notChecked", cause: "quota", reason: "x" };
    expect(viewOf(addresses(off, waiting, spent)).footer[1]).toBe("Sent: nothing");
  });
});

describe("addendum", () => {
  const at = Date.UTC(2026, 10, 22, 15, 0);

  test.each([
    ["confirmed_threat", "Threat found. Intezer has triaged the incident: Confirmed Threat."],
    ["suspicious_behavior", "Threat suspected. Intezer has triaged the incident: Suspicious Behavior."],
    ["inconclusive", "Intezer has triaged the incident: Inconclusive."],
    ["false_positive", "Intezer has triaged the incident: False Positive. This does not clear the incident."],
  ])("%s: %s", (verdict, headline) => {
    expect(
      addendumView(triage(verdict), "0123456789abcdef", { version: "1.2.3", lengthLimit: 29_000, at })
        .headline,
    ).toBe(headline);
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
      lengthLimit: 29_000,
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
