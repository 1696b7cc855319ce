import type { IndicatorKind } from "../../domain/indicator";
import { instantText } from "../../domain/instant";
import type { Card, CardSection } from "../../domain/provider";
import { foreignText } from "../foreign-text";
import type { Attributes } from "./wire";

const maxCardBytes = 3 * 1024;

/** A row of a card, or nothing of a fact that the report does not have. */
type Row = readonly [label: string, value: string | number | undefined];

const sectionsOf: Readonly<Partial<Record<IndicatorKind, (attributes: Attributes) => CardSection[]>>> = {
  file: fileSections,
  address: addressSections,
};

/** The details that the replaced playbook showed of files and addresses, under its titles. */
export function cardFrom(kind: IndicatorKind, attributes: Attributes): Card | undefined {
  const sections = (sectionsOf[kind]?.(attributes) ?? []).filter(({ rows }) => rows.length > 0);
  while (Buffer.byteLength(JSON.stringify({ sections })) > maxCardBytes) sections.pop();
  return sections.length > 0 ? { sections } : undefined;
}

function fileSections(attributes: Attributes): CardSection[] {
  const sigma = attributes.sigma_analysis_stats;
  const ids = attributes.crowdsourced_ids_stats;
  const stats = attributes.last_analysis_stats;
  const known = attributes.trusted_verdict;
  const signature = attributes.signature_info;
  return [
    section("Crowdsourced Sigma Rules", [
      ["Critical", sigma?.critical],
      ["High", sigma?.high],
      ["Medium", sigma?.medium],
      ["Low", sigma?.low],
    ]),
    section("Crowdsourced IDS Rules", [
      ["High", ids?.high],
      ["Medium", ids?.medium],
      ["Low", ids?.low],
      ["Info", ids?.info],
    ]),
    section("Analyses", [
      ["Harmless", stats?.harmless],
      ["Malicious", stats?.malicious],
      ["Suspicious", stats?.suspicious],
      ["Undetected", stats?.undetected],
    ]),
    communityScore(attributes),
    section("Basic Properties", [
      ["Name", foreignText(attributes.meaningful_name, 120)],
      ["MD5", foreignText(attributes.md5, 32)],
      ["SHA-1", foreignText(attributes.sha1, 40)],
      ["SHA-256", foreignText(attributes.sha256, 64)],
      ["File type", foreignText(attributes.type_description, 60)],
      ["Magic", foreignText(attributes.magic, 120)],
      ["File size", attributes.size === undefined ? undefined : `${attributes.size} bytes`],
    ]),
    section("History", [
      ["Creation Time", instant(attributes.creation_date)],
      ["First Submission", instant(attributes.first_submission_date)],
      ["Last Submission", instant(attributes.last_submission_date)],
      ["Last Analysis", instant(attributes.last_analysis_date)],
      // The playbook called it "Latest Contents Modification": it is VirusTotal's record that was changed.
      ["Last Change of the Record", instant(attributes.last_modification_date)],
    ]),
    section("Known source", [
      ["Organization", foreignText(known?.organization, 80)],
      ["File name", foreignText(known?.filename, 80)],
    ]),
    section("Signature Info", [
      ["Signature verification", foreignText(signature?.verified, 100)],
      ["Copyright", foreignText(signature?.copyright, 100)],
      ["Product", foreignText(signature?.product, 80)],
      ["Description", foreignText(signature?.description, 80)],
      ["Original name", foreignText(signature?.["original name"], 80)],
      ["Internal name", foreignText(signature?.["internal name"], 80)],
      ["File version", foreignText(signature?.["file version"], 40)],
      ["Date signed", foreignText(signature?.["signing date"], 40)],
    ]),
  ];
}

function addressSections(attributes: Attributes): CardSection[] {
  const stats = attributes.last_analysis_stats;
  return [
    section("Analyses", [
      ["Harmless (rated as good)", stats?.harmless],
      ["Malicious (rated as bad)", stats?.malicious],
      ["Suspicious (rated as doubtful)", stats?.suspicious],
      ["Undetected (not rated)", stats?.undetected],
    ]),
    communityScore(attributes),
    section("Basic Properties", [
      ["Network", foreignText(attributes.network, 60)],
      ["Autonomous System Number", attributes.asn],
      ["Autonomous System Label", foreignText(attributes.as_owner, 80)],
      ["Regional Internet Registry", foreignText(attributes.regional_internet_registry, 40)],
      ["Country", foreignText(attributes.country, 10)],
      ["Continent", foreignText(attributes.continent, 10)],
    ]),
  ];
}

function communityScore({ total_votes: votes }: Attributes): CardSection {
  return section("Community Score", [
    ["Malicious", votes?.malicious],
    ["Harmless", votes?.harmless],
  ]);
}

function section(title: string, rows: readonly Row[]): CardSection {
  return {
    title,
    rows: rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, String(value)] as const])),
  };
}

function instant(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : instantText(seconds * 1000);
}
