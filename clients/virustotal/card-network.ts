import type { CardSection } from "../../domain/lookups/provider";
import { ageText } from "../../domain/time";
import { instant, type Row, redirectsText, section, texts, urlText } from "../card";
import { untrustedText } from "../untrusted-text";
import { communityNotes, communityScore, enginesOf, googleThreatIntelligence } from "./opinions";
import type { Attributes } from "./wire";

export function addressSections(attributes: Attributes): CardSection[] {
  return [
    analyses(attributes),
    googleThreatIntelligence(attributes),
    communityNotes(attributes),
    communityScore(attributes),
    section("Basic Properties", [
      ["Network", untrustedText(attributes.network, 60)],
      ["Autonomous System Number", attributes.asn],
      ["Autonomous System Label", untrustedText(attributes.as_owner, 80)],
      ["Regional Internet Registry", untrustedText(attributes.regional_internet_registry, 40)],
      ["Country", untrustedText(attributes.country, 10)],
      ["Continent", untrustedText(attributes.continent, 10)],
      ["JARM", untrustedText(attributes.jarm, 62)],
      ["Tags", texts(attributes.tags ?? [], 8, 30)],
    ]),
    section("History", [lastAnalysis(attributes)]),
  ];
}

/** `now` is epoch milliseconds, for the age of a registration. */
export function domainSections(attributes: Attributes, now: number): CardSection[] {
  const { creation_date: registered } = attributes;
  return [
    analyses(attributes),
    googleThreatIntelligence(attributes),
    communityNotes(attributes),
    communityScore(attributes),
    section("Registration", [
      ["Registrar", untrustedText(attributes.registrar, 80)],
      [
        "Registered",
        registered === undefined ? undefined : `${instant(registered)} (${ageText(registered * 1000, now)})`,
      ],
      ["Updated", instant(attributes.last_update_date)],
      ["Expires", instant(attributes.expiration_date)],
    ]),
    section("Reputation", [
      ["Categories", categoriesOf(attributes)],
      ["Popularity ranks", ranksOf(attributes)],
      ["Tags", texts(attributes.tags ?? [], 8, 30)],
    ]),
    section("History", [lastAnalysis(attributes)]),
  ];
}

export function urlSections(attributes: Attributes): CardSection[] {
  const { redirection_chain: chain = [], threat_names: threats = [] } = attributes;
  return [
    analyses(attributes),
    googleThreatIntelligence(attributes),
    section("Threat", [["Names", texts(threats, 5, 50)]]),
    section("Page", [
      ["Final URL", urlText(attributes.last_final_url, 200)],
      ["Redirects", redirectsText(chain)],
      ["Title", untrustedText(attributes.title, 100)],
      ["HTTP status", attributes.last_http_response_code],
      ["Categories", categoriesOf(attributes)],
      ["Tags", texts(attributes.tags ?? [], 8, 30)],
    ]),
    communityNotes(attributes),
    communityScore(attributes),
    section("History", [
      ["First Submission", instant(attributes.first_submission_date)],
      ["Last Submission", instant(attributes.last_submission_date)],
      lastAnalysis(attributes),
    ]),
  ];
}

/** Explains VirusTotal's words, for which the playbook had a legend. */
function analyses(attributes: Attributes): CardSection {
  const stats = attributes.last_analysis_stats;
  return section("Analyses", [
    ["Rated harmless", stats?.harmless],
    ["Rated malicious", stats?.malicious],
    ["Rated suspicious", stats?.suspicious],
    ["Undetected, not rated", stats?.undetected],
    ["Engines", enginesOf(attributes)],
  ]);
}

function lastAnalysis({ last_analysis_date: analysedAt }: Attributes): Row {
  return ["Last Analysis", instant(analysedAt)];
}

function categoriesOf({ categories = {} }: Attributes): string | undefined {
  return texts(Object.values(categories), 4, 50);
}

/** "Majestic 1, Alexa 3": a low rank is a popular domain. */
function ranksOf({ popularity_ranks: ranks = {} }: Attributes): string | undefined {
  const known = Object.entries(ranks).flatMap(([list, entry]) =>
    entry?.rank === undefined ? [] : [{ list, rank: entry.rank }],
  );
  return texts(
    known.toSorted((a, b) => a.rank - b.rank).map(({ list, rank }) => `${untrustedText(list, 30)} ${rank}`),
    4,
    50,
  );
}
