import type { Indicator } from "../../domain/indicators/indicator";
import type { Answer } from "../../domain/lookups/provider";
import type { Lookup, RunReport } from "../../domain/report/report";
import { relatedTo } from "./related";
import { indicator, notAsked, ordinaryReport, pending, type Row, report, sha256, taken } from "./reports";

/** Tries to become a tag, a link, an image, Markdown, or another text. */
const hostile = `"><script>alert('1')</script><img src=x onerror=y>[a](javascript:b) **c** \`d\` |e| https://evil.contoso.com/f www.evil.com\u202e\u0000\nend`;

/** A report in which every text that comes from outside is hostile. */
export function hostileReport(): RunReport {
  const url: Indicator = { kind: "url", value: `https://evil.contoso.com/${encodeURI(hostile)}'(x)*_~|` };
  const answer: Answer = {
    verdict: "malicious",
    reasons: [hostile, hostile],
    summary: hostile,
    link: `javascript:alert('${hostile}')`,
    name: hostile,
    context: hostile,
    assessedAt: Number.NaN,
    related: relatedTo("contacts", url, indicator("domain", "evil.contoso.com")),
    card: { sections: [{ title: hostile, rows: [[hostile, hostile]] }] },
  };
  const lookups: Lookup[] = [
    { kind: "answered", answer },
    { kind: "notKnown", reason: hostile, link: `https://evil.contoso.com/"${hostile}` },
    { kind: "failed", reason: hostile },
  ];
  const indicators = [
    indicator("file", sha256("a"), [hostile, hostile, hostile]),
    url,
    indicator("domain", "evil.contoso.com"),
  ];
  const elsewhere: (Lookup | undefined)[] = [pending, { kind: "off", reason: hostile }, notAsked];
  const rows: Row[] = indicators.map((each, i) => [each, lookups[i], elsewhere[i]]);
  return {
    ...report(rows, {}, [hostile, "Intezer"]),
    leftOut: [{ entityKind: hostile, value: hostile, reason: hostile }],
    incident: { ...ordinaryReport().incident, url: `https://evil.contoso.com/${hostile}` },
    triage: taken("confirmed_threat", {
      verdictTitle: hostile,
      riskLevel: hostile,
      riskCategory: hostile,
      family: hostile,
      note: hostile,
      recommendedActions: [hostile],
      link: `https://evil.contoso.com/${hostile}`,
    }),
  };
}
