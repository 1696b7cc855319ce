import { listed } from "../../domain/text";
import { labelled, line } from "../brief";
import { redirectsText, texts } from "../card-sections";
import { untrustedText } from "../untrusted-text";
import type { FileDetails } from "./details";
import { indicatorTexts, riskScore } from "./indications";
import { verdictText } from "./verdict";
import type { Behaviour, CodeReuse, UrlResult } from "./wire";

const mostFamilies = 3;
const mostBehaviours = 3;
const mostIndicators = 3;

/** The most important details of a file, as lines of sentences. */
export function fileBrief({ codeReuse, behaviours = [], metadata }: FileDetails): readonly string[] {
  return [
    ...line([codeReuse && codeText(codeReuse), labelled("Product", untrustedText(metadata?.product, 60))]),
    ...line([labelled("Behaviour:", behavioursText(behaviours))]),
  ];
}

export function urlBrief(url: UrlResult): readonly string[] {
  const { summary, downloaded_file: download, domain_info: domain } = url;
  const { verdict_type: type, verdict_name: name } = download?.analysis_summary ?? {};
  return [
    ...line([
      untrustedText(summary.description, 150),
      labelled("Found malicious:", listed(indicatorTexts(url, "malicious", 80), mostIndicators)),
      labelled("Found suspicious:", listed(indicatorTexts(url, "suspicious", 80), mostIndicators)),
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
  const shared = families
    .toSorted((a, b) => (b.reused_gene_count ?? 0) - (a.reused_gene_count ?? 0))
    .flatMap(({ family_name, reused_gene_count: reused }) => {
      const name = untrustedText(family_name, 40);
      return name && reused ? [`${reused}${of} genes shared with ${name}`] : [];
    });
  const own = unique ? [`${unique} found nowhere else`] : [];
  return [...(shared.length > 0 ? [listed(shared, mostFamilies)] : []), ...own].join(", ") || undefined;
}

/** Intezer's 1 to 3 (anomali-integration, `intezer_anomali_enrichment.py`). */
const severities = ["", "low", "medium", "high"];

function behavioursText(behaviours: readonly Behaviour[]): string | undefined {
  const known = behaviours
    .toSorted((a, b) => (b.severity ?? 0) - (a.severity ?? 0))
    .flatMap(({ name, description, severity, ttps, ttp }) => {
      const text = untrustedText(description, 80) ?? untrustedText(name, 40);
      const techniques = texts(
        [...ttps, ...(ttp ? [ttp] : [])].map((each) => each.ttp),
        2,
        12,
      );
      return text ? [[text, techniques, severities[severity ?? 0]].filter(Boolean).join(", ")] : [];
    });
  const more = known.length - mostBehaviours;
  return known.slice(0, mostBehaviours).join("; ") + (more > 0 ? ` and ${more} more` : "") || undefined;
}
