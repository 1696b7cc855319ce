import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { outcomeFrom } from "../../../clients/virustotal/answer";
import { reportSchema } from "../../../clients/virustotal/wire";
import { type IndicatorKind, indicatorKinds } from "../../../domain/indicators/indicator";
import type { Verdict } from "../../../domain/verdict";
import { casesIn } from "../../support/tier";

type Attributes = Readonly<Record<string, unknown>>;

const id = "5f0c1d5e2b7a4c3d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d";

/** What the client says of a body with these attributes; `unknown` also where it is no assessment. */
function verdictOf(attributes: unknown, kind: IndicatorKind = "file"): Verdict {
  const { data } = reportSchema.parse({ data: { id, type: kind, attributes } });
  const thresholds = { maliciousFrom: 5, suspiciousFrom: 2 };
  const outcome = outcomeFrom(data, { kind, value: id }, thresholds, Date.UTC(2026, 10, 26));
  return outcome.kind === "answered" ? outcome.answer.verdict : "unknown";
}

const results = (...groups: readonly (readonly [category: unknown, engines: number])[]) => ({
  last_analysis_results: Object.fromEntries(
    groups.flatMap(([category, engines]) =>
      Array.from({ length: engines }, (_, i) => [`${String(category)} ${i}`, { category }]),
    ),
  ),
});
const stats = (counters: unknown) => ({ last_analysis_stats: counters });
const clean = { malicious: 0, suspicious: 0, undetected: 70, harmless: 20 };
const sandbox = (category: unknown) => ({ sandbox_verdicts: { Zenbox: { category } } });
const sigma = (levels: object) => ({
  sigma_analysis_stats: { critical: 0, high: 0, medium: 0, low: 0, ...levels },
});
const ids = (high: unknown) => ({ crowdsourced_ids_stats: { high, medium: 0, low: 0, info: 0 } });
const gti = (value: unknown) => ({ gti_assessment: { verdict: { value } } });

/** Rows of a table: `it.each` would take a list for several arguments. */
const rows = (...values: readonly unknown[]) => values.map((value) => ({ value }));

const noCounts = rows(null, "54", "0", -1, 1.5, "", [], {}, true, 1e300);

describe("a counter that is no count", () => {
  it.each([...noCounts, ...rows(undefined)])(
    "as number of malicious results is no number of them: $value",
    (row) => {
      const { value: malicious } = row;
      expect(verdictOf(stats({ ...clean, malicious }))).toBe("unknown");
      expect(verdictOf({ ...stats({ ...clean, malicious }), ...results(["malicious", 54]) })).toBe(
        "malicious",
      );
      expect(verdictOf({ ...stats({ ...clean, malicious }), ...results(["undetected", 54]) })).toBe("clean");
    },
  );

  it.each(noCounts)(
    "as number of suspicious results is no number of them: $value",
    ({ value: suspicious }) => {
      expect(verdictOf(stats({ ...clean, suspicious }))).toBe("unknown");
      expect(verdictOf(stats({ ...clean, suspicious, malicious: 5 }))).toBe("malicious");
      expect(verdictOf({ ...stats({ ...clean, suspicious }), ...results(["suspicious", 2]) })).toBe(
        "suspicious",
      );
    },
  );

  it.each(rows("n/a", 7, [], [0, 0, 70], true))(
    "in place of all of them is no statistic: $value",
    ({ value: counters }) => {
      expect(verdictOf(stats(counters))).toBe("unknown");
      expect(verdictOf({ ...stats(counters), ...results(["malicious", 7], ["undetected", 3]) })).toBe(
        "malicious",
      );
    },
  );

  it.each(noCounts)(
    "as number of critical Sigma rules keeps a file from being clean: $value",
    ({ value: critical }) => {
      expect(verdictOf({ ...stats(clean), ...sigma({ critical }) })).toBe("unknown");
      const rules = { sigma_analysis_results: [{ rule_level: "CRITICAL", rule_title: "A rule" }] };
      expect(verdictOf({ ...stats(clean), ...sigma({ critical }), ...rules })).toBe("suspicious");
    },
  );

  it.each(noCounts)(
    "as number of rules of high severity keeps a file from being clean, since many of them raise it: $value",
    ({ value: high }) => {
      expect(verdictOf({ ...stats(clean), ...sigma({ high }) })).toBe("unknown");
      expect(verdictOf({ ...stats(clean), ...ids(high) })).toBe("unknown");
      const rules = { crowdsourced_ids_results: Array(10).fill({ alert_severity: "High" }) };
      expect(verdictOf({ ...stats(clean), ...ids(high), ...rules })).toBe("suspicious");
    },
  );

  it.each(rows(5, [], {}, true, "VERDICT_HIGHLY_MALICIOUS"))(
    "as verdict of Google Threat Intelligence keeps everything from being clean: $value",
    ({ value }) => {
      for (const kind of indicatorKinds)
        expect(verdictOf({ ...stats(clean), ...gti(value) }, kind)).toBe("unknown");
      expect(verdictOf({ ...stats({ ...clean, malicious: 5 }), ...gti(value) })).toBe("malicious");
    },
  );

  it.each([{ verdict: "malicious" }, { verdict: 7 }])(
    "in place of the block of that verdict does too: %j",
    (given) => {
      expect(verdictOf({ ...stats(clean), gti_assessment: given })).toBe("unknown");
    },
  );

  it.each([
    undefined,
    null,
    {},
    { verdict: null },
    { verdict: {} },
    { verdict: { value: null } },
    { verdict: { value: "" } },
  ])("is not what Google Threat Intelligence leaves out: %j", (given) => {
    expect(verdictOf({ ...stats(clean), gti_assessment: given })).toBe("clean");
  });

  it.each(rows(null, 5, [], {}, true, "malware", "goodware"))(
    "as category of a sandbox keeps a file from being clean: $value",
    ({ value: category }) => {
      expect(verdictOf({ ...stats(clean), ...sandbox(category) })).toBe("unknown");
    },
  );

  it.each(rows("malicious", 5, ["Zenbox"], true))(
    "in place of all sandboxes does too: $value",
    ({ value: verdicts }) => {
      expect(verdictOf({ ...stats(clean), sandbox_verdicts: verdicts })).toBe("unknown");
    },
  );

  it("does not keep what a trusted source vouches for from being unknown", () => {
    const trusted = { trusted_verdict: { verdict: "Goodware", organization: "Contoso" } };
    expect(verdictOf({ ...stats({ ...clean, malicious: null }), ...trusted })).toBe("unknown");
    expect(verdictOf({ ...stats(clean), ...trusted })).toBe("clean");
  });

  it("as vote, date, size, score or rank changes no verdict", () => {
    for (const odd of [null, "5", -1, 1.5, [], {}]) {
      const odds = {
        total_votes: { malicious: odd, harmless: odd },
        reputation: odd,
        last_analysis_date: odd,
        creation_date: odd,
        size: odd,
        times_submitted: odd,
        gti_assessment: { severity: odd, threat_score: { value: odd } },
        popularity_ranks: { Alexa: { rank: odd } },
        crowdsourced_context: [{ timestamp: odd, title: odd }, odd],
        crowdsourced_ids_stats: { high: 0, medium: odd },
      };
      expect(verdictOf({ ...stats(clean), ...odds })).toBe("clean");
    }
  });
});

describe("words in another case", () => {
  it("are the same words", () => {
    expect(verdictOf(results(["Malicious", 5], ["UNDETECTED", 60]))).toBe("malicious");
    expect(verdictOf({ ...stats(clean), ...sandbox("Malicious ") })).toBe("suspicious");
  });
});

describe("few opinions", () => {
  it.each<[counters: object, kind: IndicatorKind, expected: Verdict]>([
    [{ undetected: 9 }, "file", "unknown"],
    [{ undetected: 10 }, "file", "clean"],
    [{ undetected: 2, timeout: 60 }, "file", "unknown"],
    [{ undetected: 5, harmless: 5 }, "file", "clean"],
    [{ undetected: 95 }, "address", "unknown"],
    [{ undetected: 95 }, "domain", "unknown"],
    [{ undetected: 95 }, "url", "unknown"],
    [{ undetected: 86, harmless: 9 }, "url", "unknown"],
    [{ undetected: 85, harmless: 10 }, "url", "clean"],
    [{ undetected: 90, malicious: 5 }, "address", "malicious"],
  ])("of %o call a %s %s", (counters, kind, expected) => {
    expect(
      verdictOf(stats({ malicious: 0, suspicious: 0, undetected: 0, harmless: 0, ...counters }), kind),
    ).toBe(expected);
  });
});

const anyCounter = fc.oneof(fc.nat(100), fc.anything());
const anyBlock = (...names: readonly string[]) =>
  fc.oneof(
    fc.record(Object.fromEntries(names.map((name) => [name, anyCounter])), { requiredKeys: [] }),
    fc.anything(),
  );

const anyAttributes: fc.Arbitrary<Attributes> = fc.record(
  {
    last_analysis_stats: anyBlock("malicious", "suspicious", "undetected", "harmless", "timeout"),
    sigma_analysis_stats: anyBlock("critical", "high", "medium", "low"),
    crowdsourced_ids_stats: anyBlock("high", "medium", "low", "info"),
    sandbox_verdicts: fc.oneof(
      fc.dictionary(fc.string(), fc.record({ category: fc.oneof(fc.constant("malicious"), fc.anything()) })),
      fc.anything(),
    ),
    gti_assessment: fc.oneof(
      fc.record({
        verdict: fc.record({ value: fc.oneof(fc.constant("VERDICT_BENIGN"), fc.anything()) }),
        threat_score: fc.record({ value: anyCounter }),
      }),
      fc.anything(),
    ),
    crowdsourced_context: fc.oneof(
      fc.array(fc.record({ timestamp: anyCounter, title: fc.anything(), details: fc.anything() })),
      fc.anything(),
    ),
    popular_threat_classification: fc.anything(),
    total_votes: anyBlock("malicious", "harmless"),
    last_analysis_date: anyCounter,
    creation_date: anyCounter,
    names: fc.anything(),
    meaningful_name: fc.anything(),
  },
  { requiredKeys: [] },
);

test("whatever type its numbers have, nothing is thrown, and nothing is clean beside malicious results", () => {
  fc.assert(
    fc.property(
      anyAttributes,
      fc.constantFrom(...indicatorKinds),
      fc.integer({ min: 1, max: 60 }),
      (attributes, kind, malicious) => {
        const verdict = verdictOf(
          { ...attributes, ...results(["malicious", malicious], ["undetected", 20]) },
          kind,
        );
        expect(verdict).not.toBe("clean");
        if (malicious >= 5) expect(verdict).toBe("malicious");
      },
    ),
    { numRuns: casesIn({ quick: 100, full: 2_000 }) },
  );
});

test("nothing is clean but by ten opinions, none of them bad, and everything readable", () => {
  fc.assert(
    fc.property(anyAttributes, fc.constantFrom(...indicatorKinds), (attributes, kind) => {
      if (verdictOf(attributes, kind) !== "clean") return;
      const counters = attributes.last_analysis_stats as Readonly<Record<string, number>>;
      const { malicious, suspicious = 0, undetected = 0, harmless = 0 } = counters;
      expect([malicious, suspicious]).toEqual([0, 0]);
      expect(harmless + (kind === "file" ? undetected : 0)).toBeGreaterThanOrEqual(10);
    }),
    { numRuns: casesIn({ quick: 100, full: 2_000 }) },
  );
});
