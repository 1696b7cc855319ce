import { describe, expect, it } from "vitest";
import { indicatorKey } from "../../../domain/indicators/indicator";
import type { ContextGap, IndicatorContext, RunContext, Sighting } from "../../../domain/report/context";
import { summarize } from "../../../domain/report/summary";
import type { Verdict } from "../../../domain/verdict";
import { answered, indicator, type Row, report, sha256, updateOf, viewOf } from "../../support/reports";

const day = (text: string) => Date.parse(`${text}T12:00:00Z`);
const [first, last] = [day("2026-11-20"), day("2026-11-25")];
const url = indicator("url", "https://evil.example.net/pay");
const allLogs: RunContext["logs"] = {
  file: ["devices", "mail"],
  url: ["devices", "mail", "clicks", "firewall"],
  address: ["devices", "mail", "firewall", "signIns"],
};

function seen(log: Sighting["log"], entities: number, more: Partial<Sighting> = {}): Sighting {
  return { log, entities, reached: entities, events: entities, blocked: 0, first, last, ...more };
}

function contextWith(
  known: readonly (readonly [Row[0], IndicatorContext])[],
  more: Partial<RunContext> = {},
) {
  const indicators = Object.fromEntries(known.map(([each, about]) => [indicatorKey(each), about]));
  return { days: 30, indicators, gaps: [], logs: allLogs, ...more };
}

/** The view of one indicator's comment. */
const viewWith = (verdict: Verdict, about: IndicatorContext, more: Partial<RunContext> = {}, of = url) =>
  viewOf(report([[of, answered(verdict)]], { context: contextWith([[of, about]], more) }));

const factsOf = (...given: Parameters<typeof viewWith>) => {
  const { bad, groups } = viewWith(...given);
  return [...bad, ...groups.flatMap(({ items }) => items)].flatMap(({ facts }) => facts);
};

describe("sightings", () => {
  it.each<{ rows: readonly Sighting[]; says: string; context?: Partial<RunContext> }>([
    { rows: [seen("devices", 1)], says: "1 device, 2026-11-20 to 2026-11-25." },
    { rows: [seen("devices", 3, { first: last })], says: "3 devices, on 2026-11-25." },
    { rows: [seen("mail", 12)], says: "12 mailboxes, 2026-11-20 to 2026-11-25." },
    {
      rows: [seen("mail", 12, { reached: 9, events: 40, blocked: 31, first: last })],
      says: "12 mailboxes (3 blocked), on 2026-11-25.",
    },
    {
      rows: [seen("mail", 2, { reached: 0, events: 2, blocked: 2, first: last })],
      says: "2 mailboxes (all blocked), on 2026-11-25.",
    },
    {
      rows: [seen("mail", 1, { reached: 0, blocked: 1, first: last })],
      says: "1 mailbox (blocked), on 2026-11-25.",
    },
    { rows: [seen("clicks", 2, { blocked: 1, first: last })], says: "2 clicks (1 blocked), on 2026-11-25." },
    { rows: [seen("clicks", 2, { events: 5, first: last })], says: "5 clicks by 2 users, on 2026-11-25." },
    {
      rows: [seen("clicks", 1, { reached: 0, blocked: 1, first: last })],
      says: "1 click (blocked), on 2026-11-25.",
    },
    {
      rows: [seen("firewall", 4, { events: 14, blocked: 14, first: last })],
      says: "14 firewall connections (all blocked), on 2026-11-25.",
    },
    {
      rows: [seen("signIns", 3, { events: 9, blocked: 7, first: last })],
      says: "9 sign-ins by 3 users (7 failed), on 2026-11-25.",
    },
    {
      rows: [
        seen("clicks", 2, { blocked: 1, first: day("2026-11-22") }),
        seen("mail", 12, { last: day("2026-11-21") }),
        seen("devices", 3, { first: day("2026-11-23") }),
      ],
      says: "3 devices, 12 mailboxes, 2 clicks (1 blocked), 2026-11-20 to 2026-11-25.",
    },
    {
      rows: [seen("devices", 3, { first: last })],
      context: { gaps: [{ part: "url", kind: "partial" }] },
      says: "at least 3 devices, on 2026-11-25.",
    },
    {
      rows: [seen("devices", 3, { first: last })],
      context: { gaps: [{ part: "file", kind: "partial" }] },
      says: "3 devices, on 2026-11-25.",
    },
  ])("of a bad one are $says", ({ rows, says, context = {} }) => {
    expect(factsOf("malicious", { sightings: rows }, context)).toContain(`Seen here: ${says}`);
  });

  it.each<{ case: string; about: IndicatorContext; context?: Partial<RunContext>; says: readonly string[] }>([
    { case: "was searched for everywhere", about: { sightings: [] }, says: ["Not seen here in 30 days."] },
    {
      case: "was searched for in a week",
      about: { sightings: [] },
      context: { days: 7 },
      says: ["Not seen here in 7 days."],
    },
    {
      case: "could be searched for in some logs only",
      about: { sightings: [] },
      context: { logs: { url: ["mail", "clicks"] } },
      says: ["Not seen here in 30 days (only logs of email and clicks are available)."],
    },
    { case: "was not searched for", about: {}, says: [] },
  ])("of a bad one that has not been seen say so when it $case", ({ about, context, says }) => {
    expect(factsOf("suspicious", about, context)).toEqual(says);
  });

  it.each<{ verdict: Verdict; row: Sighting; isShown: boolean }>([
    { verdict: "unknown", row: seen("clicks", 2, { blocked: 1 }), isShown: true },
    { verdict: "unknown", row: seen("clicks", 2, { reached: 0, blocked: 2 }), isShown: false },
    { verdict: "unknown", row: seen("devices", 40), isShown: true },
    { verdict: "unknown", row: seen("devices", 1), isShown: false },
    { verdict: "unknown", row: seen("mail", 40), isShown: false },
    { verdict: "clean", row: seen("clicks", 2), isShown: false },
    { verdict: "clean", row: seen("devices", 400), isShown: false },
  ])(
    "of one that is $verdict and in $row.log of $row.entities: shown: $isShown",
    ({ verdict, row, isShown }) => {
      const facts = factsOf(verdict, { sightings: [row] });
      expect(facts.some((fact) => fact.startsWith("Seen here: "))).toBe(isShown);
      expect(factsOf(verdict, { sightings: [] })).toEqual([]);
    },
  );

  it("are said once where a bad one shares them with the one before it", () => {
    const domain = indicator("domain", "evil.example.net");
    const file = indicator("file", sha256("a"));
    const rows: readonly Row[] = [url, domain, file].map((each) => [each, answered("malicious")]);
    const same = { sightings: [seen("clicks", 2)] };
    const context = contextWith([
      [url, same],
      [domain, same],
      [file, { sightings: [seen("devices", 1)] }],
    ]);
    expect(viewOf(report(rows, { context })).bad.map(({ facts }) => facts)).toEqual([
      ["Seen here: 2 clicks, 2026-11-20 to 2026-11-25."],
      ["Seen here: as above."],
      ["Seen here: 1 device, 2026-11-20 to 2026-11-25."],
    ]);
  });

  it("of a file are found under each of its hashes, and never change a verdict", () => {
    const asked = indicator("file", "b".repeat(32));
    const merged = { ...indicator("file", sha256("a")), hashes: { md5: asked.value, sha256: sha256("a") } };
    const context = contextWith([[asked, { sightings: [seen("devices", 3)] }]]);
    const given = report([[merged, answered("suspicious")]]);
    const view = viewOf({ ...given, context });
    expect(view.bad[0]?.facts).toEqual(["Seen here: 3 devices, 2026-11-20 to 2026-11-25."]);
    expect(summarize({ ...given, context })).toEqual(summarize(given));
  });

  it("are in an update, too, without what could not be read and without earlier incidents", () => {
    const sightings = [seen("devices", 3)];
    const earlier = { count: 1, since: first, endings: { open: [1300] } };
    const context = contextWith([[url, { sightings, earlier }]], { gaps: [{ part: "file", kind: "late" }] });
    const update = updateOf(report([[url, answered("malicious")]], { context }), []);
    const view = viewOf(update);
    expect(view.bad[0]?.facts).toEqual(["Seen here: 3 devices, 2026-11-20 to 2026-11-25."]);
    expect(view).toMatchObject({ earlier: [], notes: [] });
  });
});

describe("earlier incidents", () => {
  const since = day("2026-10-02");
  const label = "URL hxxps://evil[.]example[.]net/pay";
  it.each<{ endings: Record<string, readonly number[]>; count?: number; says: string }>([
    {
      endings: { falsePositive: [1180, 1184, 1201], open: [1300] },
      says: "also in 4 incidents since 2026-10-02: 3 closed as false positive (1180, 1184, 1201), 1 open (1300).",
    },
    { endings: { open: [1300] }, says: "also in 1 incident since 2026-10-02, open (1300)." },
    {
      endings: { truePositive: [7, 8], benignPositive: [9], undetermined: [10], closed: [11] },
      says: "also in 5 incidents since 2026-10-02: 2 closed as true positive (7, 8), 1 closed as benign positive (9), 1 closed as undetermined (10), 1 closed without a classification (11).",
    },
    {
      endings: { falsePositive: [1, 2, 3, 4, 5, 6, 7] },
      says: "also in 7 incidents since 2026-10-02, closed as false positive (1, 2, 3, 4, 5 and 2 more).",
    },
    { endings: {}, count: 57, says: "common, in 57 incidents since 2026-10-02." },
  ])("are $says", ({ endings, count = Object.values(endings).flat().length, says }) => {
    expect(viewWith("malicious", { earlier: { count, since, endings } }).earlier).toEqual([
      `${label}: ${says}`,
    ]);
  });

  it.each<{ verdict: Verdict; endings: Record<string, readonly number[]>; isShown: boolean }>([
    { verdict: "suspicious", endings: { open: [1] }, isShown: true },
    { verdict: "unknown", endings: { falsePositive: [1] }, isShown: true },
    { verdict: "clean", endings: { falsePositive: [1], open: [2] }, isShown: false },
    { verdict: "clean", endings: { truePositive: [1] }, isShown: true },
    { verdict: "clean", endings: {}, isShown: false },
  ])("of a $verdict one with $endings: shown: $isShown", ({ verdict, endings, isShown }) => {
    expect(viewWith(verdict, { earlier: { count: 2, since, endings } }).earlier).toHaveLength(
      Number(isShown),
    );
  });

  it("that several have in common are one sentence; five are said, the others counted", () => {
    const addresses = Array.from({ length: 9 }, (_, i) => indicator("address", `8.8.8.${i + 1}`));
    const context = contextWith(
      addresses.map((each, i) => [
        each,
        { earlier: { count: Math.max(1, i - 1), since, endings: { open: [i < 3 ? 1 : i] } } },
      ]),
    );
    const view = viewOf(
      report(
        addresses.map((each) => [each, answered("malicious")]),
        { context },
      ),
    );
    expect(view.earlier[0]).toBe(
      "IP address 8[.]8[.]8[.]1, IP address 8[.]8[.]8[.]2, IP address 8[.]8[.]8[.]3: also in 1 incident since 2026-10-02, open (1).",
    );
    expect(view).toMatchObject({ earlier: { length: 5 }, moreEarlier: 2 });
  });

  it("are at least as many when Log Analytics read only a part", () => {
    const earlier = { count: 1, since, endings: { open: [1300] } };
    const view = viewWith("malicious", { earlier }, { gaps: [{ part: "earlier", kind: "partial" }] });
    expect(view.earlier).toEqual([`${label}: also in at least 1 incident since 2026-10-02, open (1300).`]);
  });
});

describe("what could not be read", () => {
  const forbidden = "The app's identity may not query the workspace: grant it a role.";
  it.each<{ gaps: readonly ContextGap[]; says: readonly (readonly [string, string])[] }>([
    { gaps: [], says: [] },
    {
      gaps: [
        { part: "url", kind: "late" },
        { part: "earlier", kind: "late" },
      ],
      says: [["Sightings and earlier incidents", "Log Analytics did not answer in time."]],
    },
    { gaps: [{ part: "url", kind: "late" }], says: [["Sightings", "Log Analytics did not answer in time."]] },
    {
      gaps: [{ part: "earlier", kind: "refused", reason: forbidden }],
      says: [["Earlier incidents", forbidden]],
    },
    {
      gaps: [{ part: "url", kind: "partial" }],
      says: [["Sightings", "Log Analytics returned only part of the answer."]],
    },
    {
      gaps: [
        { part: "url", kind: "failed", reason: "Log Analytics answered HTTP 500." },
        { part: "earlier", kind: "late" },
      ],
      says: [
        ["Sightings", "Log Analytics answered HTTP 500."],
        ["Earlier incidents", "Log Analytics did not answer in time."],
      ],
    },
  ])("is $says", ({ gaps, says }) => {
    const logs = gaps.some(({ part }) => part === "url") ? {} : { url: allLogs.url ?? [] };
    const { notes } = viewWith("malicious", {}, { gaps, logs });
    expect(notes.map(({ title, text }) => [title, text])).toEqual(says);
  });

  it("names the kinds of indicator where it is about some of them", () => {
    const gaps: readonly ContextGap[] = [{ part: "url", kind: "late" }];
    const { notes } = viewWith("malicious", {}, { gaps, logs: { file: ["devices"] } });
    expect(notes.map(({ title }) => title)).toEqual(["Sightings of URLs"]);
  });

  it("includes logs that the workspace does not have", () => {
    const { notes, bad } = viewWith("malicious", {}, { logs: { url: [] } });
    expect(notes).toEqual([
      {
        title: "Sightings",
        text: "The workspace has no logs of devices, email, clicks or firewalls from the last 30 days.",
      },
    ]);
    expect(bad[0]?.facts).toEqual([]);
  });
});
