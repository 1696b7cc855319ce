import { defang } from "../../domain/indicators/defang";
import type { IndicatorKind } from "../../domain/indicators/indicator";
import { kindNouns } from "../../domain/indicators/label";
import { presentableUrl } from "../../domain/indicators/url-privacy";
import type { Card, CardSection } from "../../domain/lookups/provider";
import { counted, cut } from "../../domain/text";
import { cardOf, countsText, dated, labelled, line, redirectsText, section, sizeText, texts } from "../card";
import { untrustedText } from "../untrusted-text";
import { fileSections } from "./card-file";
import { addressSections, domainSections, urlSections } from "./card-network";
import { communityReasonIn, enginesOf } from "./opinions";
import type { Related } from "./related";
import type { Attributes, Report } from "./wire";

const sectionsOf: Readonly<
  Record<IndicatorKind, (attributes: Attributes, now: number) => readonly CardSection[]>
> = { file: fileSections, address: addressSections, domain: domainSections, url: urlSections };

/** The available details of a report; related things come last. */
export function cardFrom(
  kind: IndicatorKind,
  attributes: Attributes,
  now: number,
  related?: RelatedPart,
): Card | undefined {
  return cardOf(
    [...sectionsOf[kind](attributes, now), ...(related ? [related.section] : [])],
    [...briefOf[kind](attributes), ...(related?.lines ?? [])],
  );
}

const mostEngines = 4;

/** The most important facts of a report, as lines of sentences, without those that the list of indicators already has. */
const briefOf: Readonly<Record<IndicatorKind, (attributes: Attributes) => readonly string[]>> = {
  file: (attributes) => [
    ...line([
      enginesOf(attributes, mostEngines),
      labelled("Threat label", untrustedText(labelIn(attributes), 60)),
      sandboxesIn(attributes),
      labelled("Sigma:", sigmaIn(attributes)),
      labelled("IDS:", idsIn(attributes)),
      labelled("YARA:", yaraIn(attributes)),
      votesIn(attributes),
      communityReasonIn(attributes),
    ]),
    ...line([firstSeenIn(attributes), typeIn(attributes), signatureIn(attributes)]),
  ],
  url: (attributes) =>
    line([
      enginesOf(attributes, mostEngines),
      labelled("Threats:", texts(attributes.threat_names ?? [], 3, 50)),
      targetIn(attributes),
      firstSeenIn(attributes),
      votesIn(attributes),
      communityReasonIn(attributes),
    ]),
  domain: (attributes) =>
    line([
      enginesOf(attributes, mostEngines),
      labelled("Registrar", untrustedText(attributes.registrar, 80)),
      votesIn(attributes),
      communityReasonIn(attributes),
    ]),
  address: (attributes) =>
    line([
      enginesOf(attributes, mostEngines),
      labelled("Network", untrustedText(attributes.network, 60)),
      votesIn(attributes),
      communityReasonIn(attributes),
    ]),
};

const labelIn = ({ popular_threat_classification: threat }: Attributes) => threat?.suggested_threat_label;

function sandboxesIn({ sandbox_verdicts: verdicts = {} }: Attributes): string | undefined {
  const bad = ["malicious", "suspicious"].flatMap((category) => {
    const names = Object.entries(verdicts).flatMap(([name, verdict]) =>
      verdict && verdict !== "unreadable" && verdict.category === category
        ? [verdict.sandbox_name ?? name]
        : [],
    );
    return names.length > 0
      ? [`${names.length === 1 ? "Sandbox" : "Sandboxes"} ${texts(names, 3, 30)}: ${category}`]
      : [];
  });
  return bad.join("; ") || undefined;
}

function sigmaIn({ sigma_analysis_stats: stats }: Attributes): string | undefined {
  return countsText([
    [stats?.critical, "critical"],
    [stats?.high, "high"],
    [stats?.medium, "medium"],
    [stats?.low, "low"],
  ]);
}

function idsIn({ crowdsourced_ids_stats: stats }: Attributes): string | undefined {
  return countsText([
    [stats?.high, "high"],
    [stats?.medium, "medium"],
    [stats?.low, "low"],
  ]);
}

function yaraIn({ crowdsourced_yara_results: rules = [] }: Attributes): string | undefined {
  return texts(
    rules.map((rule) => rule?.rule_name),
    3,
    50,
  );
}

function votesIn({ total_votes: votes }: Attributes): string | undefined {
  return labelled(
    "Votes:",
    countsText([
      [votes?.malicious, "malicious"],
      [votes?.harmless, "harmless"],
    ]),
  );
}

function firstSeenIn(attributes: Attributes): string | undefined {
  const { first_submission_date: first, times_submitted: times, unique_sources: sources } = attributes;
  const submissions = times ? counted(times, "submission") : undefined;
  const origin = submissions && sources ? `${submissions} from ${counted(sources, "source")}` : submissions;
  return [dated("First seen", first), origin].filter(Boolean).join(", ") || undefined;
}

/** The list already has the type; "PE32 executable (GUI) Intel 80386" says more. */
function typeIn({ size, magic }: Attributes): string | undefined {
  const type = untrustedText(magic, 100)?.replace(/, for MS Windows$/, "");
  return [sizeText(size), type].filter(Boolean).join(", ") || undefined;
}

function signatureIn({ signature_info: signature }: Attributes): string | undefined {
  return signature && !signature.verified ? "Not signed" : undefined;
}

function targetIn(attributes: Attributes): string | undefined {
  const {
    last_final_url: target,
    redirection_chain: chain = [],
    last_http_response_code: status,
  } = attributes;
  const path = redirectsText(chain.length > 1 ? chain.slice(1) : target === undefined ? [] : [target]);
  const answer = status ? `HTTP ${status}` : undefined;
  return path ? `Leads to ${path}${answer ? ` (${answer})` : ""}` : answer;
}

const mostNames = 3;
const maxNameLength = 60;

/** Labels for things that are related to a file. */
const relatedLabels: Readonly<Record<string, string>> = {
  contacted_domains: "Contacted domains",
  contacted_ips: "Contacted IP addresses",
  contacted_urls: "Contacted URLs",
  dropped_files: "Dropped files",
  bundled_files: "Bundled files",
  execution_parents: "Executed by files",
};

/** Details in addition to those of the attributes. */
interface RelatedPart {
  readonly section: CardSection;
  readonly lines: readonly string[];
}

export function relatedPartOf(report: Report, things: readonly Related[]): RelatedPart {
  const rows = Object.entries(relatedLabels).map(([relationship, label]) => {
    const names = namesIn(things, relationship);
    return [label, namedText(names, countOf(report, relationship, names))] as const;
  });
  return { section: section("Relations", rows), lines: contactsLine(report, things) };
}

/** "Contacts 12 domains, among them a.example.com, b.example.com; IP address 8.8.8.8." */
function contactsLine(report: Report, things: readonly Related[]): readonly string[] {
  const contacts = (["contacted_domains", "contacted_ips"] as const).flatMap((relationship) => {
    const names = namesIn(things, relationship);
    if (names.length === 0) return [];
    const count = countOf(report, relationship, names);
    const { one, many } = kindNouns[relationship === "contacted_ips" ? "address" : "domain"];
    const shown = names.slice(0, mostNames).join(", ");
    if (count <= mostNames) return [`${count === 1 ? one : many} ${shown}`];
    return [`${counted(count, one, many)}, among them ${shown}`];
  });
  return line(contacts.length > 0 ? [`Contacts ${contacts.join("; ")}`] : []);
}

function namesIn(things: readonly Related[], relationship: string): readonly string[] {
  const names = things.flatMap((thing) =>
    thing.relationship === relationship && thing.value !== undefined ? [nameOf(thing.kind, thing.value)] : [],
  );
  return [...new Set(names)];
}

function nameOf(kind: Related["kind"], value: string): string {
  return cut(defang({ kind, value: kind === "url" ? presentableUrl(value) : value }), maxNameLength);
}

/** The number of all that VirusTotal has; at most 20 come with a report. */
function countOf(report: Report, relationship: string, names: readonly string[]): number {
  return Math.max(report.relationships?.[relationship]?.meta?.count ?? 0, names.length);
}

function namedText(names: readonly string[], count: number): string | undefined {
  const shown = names.slice(0, mostNames);
  if (shown.length === 0) return undefined;
  return shown.join(", ") + (count > shown.length ? ` and ${count - shown.length} more` : "");
}
