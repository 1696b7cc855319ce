import type { CardSection } from "../../domain/lookups/provider";
import { counted } from "../../domain/text";
import { instant, type Row, section, texts, worstFirst } from "../card";
import { fileNameFrom, fileNamesFrom, untrustedText } from "../untrusted-text";
import { communityNotes, communityScore, enginesOf, googleThreatIntelligence } from "./opinions";
import type { Attributes } from "./wire";

const levels = ["critical", "high", "medium", "low", "info"] as const;
const mostRules = 3;
const mostSandboxes = 4;

/** Details of a file, the most important first; titles and labels are those of the replaced playbook. */
export function fileSections(attributes: Attributes): CardSection[] {
  const stats = attributes.last_analysis_stats;
  return [
    section("Analyses", [
      ["Harmless", stats?.harmless],
      ["Malicious", stats?.malicious],
      ["Suspicious", stats?.suspicious],
      ["Undetected", stats?.undetected],
      ["Engines", enginesOf(attributes)],
    ]),
    googleThreatIntelligence(attributes),
    section("Threat", threatRows(attributes)),
    section("Sandboxes", sandboxRows(attributes)),
    section("Crowdsourced Sigma Rules", sigmaRows(attributes)),
    section("Crowdsourced IDS Rules", idsRows(attributes)),
    section("Crowdsourced YARA Rules", [
      [
        "Rules",
        texts(
          (attributes.crowdsourced_yara_results ?? []).map((rule) => rule?.rule_name),
          5,
          50,
        ),
      ],
    ]),
    communityNotes(attributes),
    communityScore(attributes),
    section("Basic Properties", propertyRows(attributes)),
    section("Known source", [
      ["Organization", untrustedText(attributes.trusted_verdict?.organization, 80)],
      ["File name", fileNameFrom(attributes.trusted_verdict?.filename, 80)],
      ["Distributed with", texts(distributorsOf(attributes), 3, 60)],
    ]),
    section("Signature Info", signatureRows(attributes)),
    section("History", [
      ["Creation Time", instant(attributes.creation_date)],
      ["First Submission", instant(attributes.first_submission_date)],
      ["Last Submission", instant(attributes.last_submission_date)],
      ["Last Analysis", instant(attributes.last_analysis_date)],
      // The playbook called it "Latest Contents Modification", but it is the change of VirusTotal's record.
      ["Last Change of the Record", instant(attributes.last_modification_date)],
      ["Submitted", submissionsOf(attributes)],
    ]),
  ];
}

function threatRows({ popular_threat_classification: threat }: Attributes): Row[] {
  const names = (counts: NonNullable<typeof threat>["popular_threat_name"] = []) =>
    texts(
      counts.map((each) => each?.value),
      4,
      30,
    );
  return [
    ["Label", untrustedText(threat?.suggested_threat_label, 60)],
    ["Categories", names(threat?.popular_threat_category)],
    ["Families", names(threat?.popular_threat_name)],
  ];
}

function sandboxRows({ sandbox_verdicts: verdicts = {} }: Attributes): Row[] {
  const all = Object.entries(verdicts).flatMap(([name, verdict]) =>
    verdict && verdict !== "unreadable" ? [{ name, ...verdict }] : [],
  );
  return worstFirst(all, ["malicious", "suspicious", "undetected", "harmless"], ({ category }) => category)
    .slice(0, mostSandboxes)
    .map(({ name, sandbox_name, category, malware_classification = [], malware_names = [] }) => [
      untrustedText(sandbox_name ?? name, 30) ?? "Unnamed",
      [untrustedText(category, 20), texts([...malware_classification, ...malware_names], 4, 30)]
        .filter(Boolean)
        .join(", "),
    ]);
}

function sigmaRows({ sigma_analysis_stats: stats, sigma_analysis_results: results }: Attributes): Row[] {
  const rules = worstFirst(results, levels, (rule) => rule?.rule_level).map((rule) => rule?.rule_title);
  return [
    ["Critical", stats?.critical],
    ["High", stats?.high],
    ["Medium", stats?.medium],
    ["Low", stats?.low],
    ["Rules", texts(rules, mostRules, 60)],
  ];
}

function idsRows({ crowdsourced_ids_stats: stats, crowdsourced_ids_results: results }: Attributes): Row[] {
  const rules = worstFirst(results, levels, (rule) => rule?.alert_severity).map((rule) => rule?.rule_msg);
  return [
    ["High", stats?.high],
    ["Medium", stats?.medium],
    ["Low", stats?.low],
    ["Info", stats?.info],
    ["Rules", texts(rules, mostRules, 60)],
  ];
}

function propertyRows(attributes: Attributes): Row[] {
  const [name, ...otherNames] = fileNamesFrom([attributes.meaningful_name, ...(attributes.names ?? [])], 120);
  return [
    ["Name", name],
    ["Also named", texts(otherNames, 3, 60)],
    ["MD5", untrustedText(attributes.md5, 32)],
    ["SHA-1", untrustedText(attributes.sha1, 40)],
    ["SHA-256", untrustedText(attributes.sha256, 64)],
    ["File type", untrustedText(attributes.type_description, 60)],
    ["Magic", untrustedText(attributes.magic, 120)],
    ["File size", attributes.size === undefined ? undefined : `${attributes.size} bytes`],
    ["Tags", texts(attributes.tags ?? [], 8, 30)],
  ];
}

function distributorsOf({ known_distributors: known }: Attributes): readonly string[] {
  return [...(known?.distributors ?? []), ...(known?.products ?? [])];
}

function signatureRows({ signature_info: signature }: Attributes): Row[] {
  return [
    ["Signature verification", untrustedText(signature?.verified, 100)],
    ["Signers", untrustedText(signature?.signers, 100)],
    ["Copyright", untrustedText(signature?.copyright, 100)],
    ["Product", untrustedText(signature?.product, 80)],
    ["Description", untrustedText(signature?.description, 80)],
    ["Original name", fileNameFrom(signature?.["original name"], 80)],
    ["Internal name", fileNameFrom(signature?.["internal name"], 80)],
    ["File version", untrustedText(signature?.["file version"], 40)],
    ["Date signed", untrustedText(signature?.["signing date"], 40)],
  ];
}

function submissionsOf({ times_submitted: times, unique_sources: sources }: Attributes): string | undefined {
  if (times === undefined) return undefined;
  return counted(times, "time") + (sources === undefined ? "" : ` from ${counted(sources, "source")}`);
}
