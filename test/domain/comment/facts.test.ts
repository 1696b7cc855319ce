import { describe, expect, test } from "vitest";
import { factsOf } from "../../../domain/comment/item";
import type { Indicator } from "../../../domain/indicators/indicator";
import type { Lookup, RunReport } from "../../../domain/report/report";
import { answered, indicator, noRecord, notAsked, report } from "../../support/reports";

const url = indicator("url", "https://evil.contoso.com/");
const off: Lookup = { kind: "off", reason: "the setting INTEZER_URLS switches this off" };

/** What is said about the URL where VirusTotal reads no fragments, and Intezer opens the page. */
function factsAbout(
  given: Partial<Indicator>,
  ...lookups: readonly (Lookup | undefined)[]
): readonly string[] {
  const plain = report([[{ ...url, ...given }, ...lookups]]);
  const [virustotal, intezer] = plain.providers;
  if (!virustotal || !intezer) throw new Error("A report has two providers");
  const read: RunReport = { ...plain, providers: [virustotal, { ...intezer, readsFragments: true }] };
  return read.items.flatMap((item) => factsOf(read, item));
}

describe("of a URL with a part after #", () => {
  test.each<{
    what: string;
    given: Partial<Indicator>;
    lookups: readonly (Lookup | undefined)[];
    facts: string[];
  }>([
    {
      what: "who looked it up without that part",
      given: { fragment: "#/login" },
      lookups: [answered("clean"), answered("clean")],
      facts: ["The part after # was not looked up in VirusTotal."],
    },
    {
      what: "the same where there is no record",
      given: { fragment: "#/login" },
      lookups: [noRecord, off],
      facts: ["The part after # was not looked up in VirusTotal."],
    },
    {
      what: "nothing where only the page was opened",
      given: { fragment: "#/login" },
      lookups: [off, answered("clean")],
      facts: [],
    },
    {
      what: "that no one gets what is private or too long",
      given: { fragmentWithheld: true },
      lookups: [answered("clean"), answered("clean")],
      facts: ["The part after # was not looked up."],
    },
    { what: "nothing where there is none", given: {}, lookups: [answered("clean"), notAsked], facts: [] },
  ])("says $what", ({ given, lookups, facts }) => {
    expect(factsAbout(given, ...lookups)).toEqual(facts);
  });
});
