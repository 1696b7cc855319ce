import type { Card } from "../../domain/lookups/provider";
import { capitalised, listed } from "../../domain/text";
import { instantText } from "../../domain/time";
import { cardOf, labelled, line, type Row, redirectsText, section, texts, urlText } from "../card";
import { fileNameFrom, fileNamesFrom, untrustedText } from "../untrusted-text";
import { indicatorTexts, riskScore, spaced, verdictText } from "./verdict";
import type { Behaviour, CodeReuse, FileDetails, FileResult, Metadata, UrlResult } from "./wire";
import { instantFrom } from "./wire-values";

/** `family` is absent if it is not a malware family. */
export function fileCard(
  file: FileResult,
  family: string | undefined,
  details: FileDetails,
): Card | undefined {
  const { codeReuse, behaviours = [], metadata } = details;
  const [name] = fileNamesFrom([file.file_name, metadata?.original_filename], 80);
  const sections = [
    section("Analysis", [
      ["Verdict", verdictText(file.verdict, file.sub_verdict)],
      ["Family", family],
      ["File name", name],
      ["Analysed", instant(file.analysis_time)],
    ]),
    section("Code reuse", codeReuse ? codeRows(codeReuse) : []),
    section("Behaviours", behaviourRows(behaviours)),
    section("File", metadata ? fileRows(metadata, name) : []),
  ];
  return cardOf(sections, fileBrief(details));
}

export function urlCard(url: UrlResult): Card | undefined {
  const { summary, domain_info: domain, downloaded_file: download } = url;
  const sections = [
    section("Analysis", [
      ["Verdict", verdictText(summary.verdict_type, summary.verdict_name)],
      ["Explanation", untrustedText(summary.description, 150)],
      ["ApiVoid risk score", riskScore(url)],
      ["Analysed", instant(url.analysis_time)],
    ]),
    section("Indicators", indicatorRows(url)),
    section("Downloaded file", [
      ["Verdict", downloadVerdict(download?.analysis_summary)],
      ["SHA-256", untrustedText(download?.sha256, 64)],
      ["Explanation", untrustedText(download?.analysis_summary.verdict_description, 150)],
    ]),
    section("Page", [
      ["Scanned URL", urlText(url.scanned_url, 200)],
      ["Redirects", redirectsText(url.redirect_chain.map((hop) => hop.url))],
      ["Address", untrustedText(url.ip, 45)],
      ["Domain", untrustedText(domain.domain_name, 80)],
      ["Registrar", untrustedText(domain.registrar, 80)],
      ["Registered", instant(domain.creation_date)],
    ]),
  ];
  return cardOf(sections, urlBrief(url));
}

const mostFamilies = 5;

/** Genes are the pieces of code that Intezer compares. */
function codeRows({ families, ...counts }: CodeReuse): Row[] {
  const { gene_count: all, unique_gene_count: unique, common_gene_count: common } = counts;
  const of = all === undefined ? "" : ` of ${all}`;
  const known = mostReusedFirst(families)
    .slice(0, mostFamilies)
    .map(({ family_name, family_type, reused_gene_count: reused }): Row => {
      const type = untrustedText(family_type && spaced(family_type), 30);
      const name = untrustedText(family_name, 40) ?? "Unnamed family";
      return [type ? `${name} (${type})` : name, reused === undefined ? "reused" : `${reused}${of} genes`];
    });
  return [
    ...known,
    ["Found nowhere else", unique === undefined ? undefined : `${unique}${of} genes`],
    ["Common code", common === undefined ? undefined : `${common}${of} genes`],
  ];
}

function mostReusedFirst(families: CodeReuse["families"]): CodeReuse["families"] {
  return families.toSorted((a, b) => (b.reused_gene_count ?? 0) - (a.reused_gene_count ?? 0));
}

const mostBehaviours = 6;
/** Intezer's 1 to 3 (anomali-integration, `intezer_anomali_enrichment.py`). */
const severities = ["", "low", "medium", "high"];

function behaviourRows(behaviours: readonly Behaviour[]): Row[] {
  const rows = mostSevereFirst(behaviours).map(({ name, description, severity, techniques }): Row => {
    const mitre = texts(
      techniques.map((each) => [each.ttp, each.name].filter(Boolean).join(" ")),
      2,
      60,
    );
    const text = [severities[severity ?? 0] || "unrated", untrustedText(description, 100)]
      .filter(Boolean)
      .join(", ");
    return [untrustedText(name, 40) ?? "Behaviour", mitre ? `${text} (${mitre})` : text];
  });
  const more = rows.length - mostBehaviours;
  return [...rows.slice(0, mostBehaviours), ["More behaviours", more > 0 ? more : undefined]];
}

function mostSevereFirst(behaviours: readonly Behaviour[]): readonly Behaviour[] {
  return behaviours.toSorted((a, b) => (b.severity ?? 0) - (a.severity ?? 0));
}

function fileRows(metadata: Metadata, name: string | undefined): Row[] {
  const { size_in_bytes: size } = metadata;
  const original = fileNameFrom(metadata.original_filename, 80);
  return [
    ["File type", untrustedText(metadata.file_type, 40)],
    ["File size", size === undefined ? undefined : `${size} bytes`],
    ["Architecture", untrustedText(metadata.architecture, 30)],
    ["Product", untrustedText(metadata.product, 80)],
    ["Company", untrustedText(metadata.company, 80)],
    ["Original name", original === name ? undefined : original],
    ["Compiled", instant(metadata.compilation_timestamp)],
  ];
}

const classifications = ["malicious", "suspicious", "informative"];

function indicatorRows(url: UrlResult): Row[] {
  return classifications.map((classification) => [
    capitalised(classification),
    listed(indicatorTexts(url, classification, 80), 5),
  ]);
}

function downloadVerdict(
  summary: NonNullable<UrlResult["downloaded_file"]>["analysis_summary"] | undefined,
): string | undefined {
  return summary?.verdict_type === undefined
    ? undefined
    : verdictText(summary.verdict_type, summary.verdict_name);
}

function instant(text: string | undefined): string | undefined {
  const at = instantFrom(text);
  return at === undefined ? undefined : instantText(at);
}

/** Families, behaviours and indicators each. */
const mostInBrief = 3;

/** The most important details of a file, as lines of sentences. */
function fileBrief({ codeReuse, behaviours = [], metadata }: FileDetails): readonly string[] {
  return [
    ...line([codeReuse && codeText(codeReuse), labelled("Product", untrustedText(metadata?.product, 60))]),
    ...line([labelled("Behaviour:", behavioursText(behaviours))]),
  ];
}

function urlBrief(url: UrlResult): readonly string[] {
  const { summary, downloaded_file: download, domain_info: domain } = url;
  const { verdict_type: type, verdict_name: name } = download?.analysis_summary ?? {};
  return [
    ...line([
      untrustedText(summary.description, 150),
      labelled("Found malicious:", listed(indicatorTexts(url, "malicious", 80), mostInBrief)),
      labelled("Found suspicious:", listed(indicatorTexts(url, "suspicious", 80), mostInBrief)),
      labelled("ApiVoid risk score", riskScore(url)),
      labelled("Leads to", redirectsText(url.redirect_chain.slice(1).map((hop) => hop.url))),
      labelled("Registrar", untrustedText(domain.registrar, 60)),
    ]),
    ...line([type === undefined ? undefined : `Downloads a file: ${verdictText(type, name)}`]),
    // On its own line, for copying.
    ...[labelled("SHA-256", untrustedText(download?.sha256, 64))].flatMap((hash) => hash ?? []),
  ];
}

/** "AgentTesla 279 of 412 genes (31 found nowhere else)": genes are the pieces of code that Intezer compares. */
function codeText({ families, gene_count: all, unique_gene_count: unique }: CodeReuse): string | undefined {
  const of = all === undefined ? "" : ` of ${all}`;
  const shared = mostReusedFirst(families).flatMap(({ family_name, reused_gene_count: reused }) => {
    const name = untrustedText(family_name, 40);
    return name && reused ? [`${reused}${of} genes shared with ${name}`] : [];
  });
  const own = unique ? [`${unique} found nowhere else`] : [];
  return [...(shared.length > 0 ? [listed(shared, mostInBrief)] : []), ...own].join(", ") || undefined;
}

function behavioursText(behaviours: readonly Behaviour[]): string | undefined {
  const known = mostSevereFirst(behaviours).flatMap(({ name, description, severity, techniques }) => {
    const text = untrustedText(description, 80) ?? untrustedText(name, 40);
    const mitre = texts(
      techniques.map(({ ttp }) => ttp),
      2,
      12,
    );
    return text ? [[text, mitre, severities[severity ?? 0]].filter(Boolean).join(", ")] : [];
  });
  const more = known.length - mostInBrief;
  return known.slice(0, mostInBrief).join("; ") + (more > 0 ? ` and ${more} more` : "") || undefined;
}
