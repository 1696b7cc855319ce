import type { IndicatorKind } from "../../domain/indicators/indicator";
import { counted } from "../../domain/text";
import { countsText, dated, labelled, line, sizeText } from "../brief";
import { redirectsText, texts } from "../card-sections";
import { untrustedText } from "../untrusted-text";
import { enginesOf } from "./card-rows";
import { communityReasonIn } from "./crowdsourced-context";
import type { Attributes } from "./wire";

const mostEngines = 4;

/** The most important facts of a report, as lines of sentences, without those that the list of indicators already has. */
export const briefOf: Readonly<Record<IndicatorKind, (attributes: Attributes) => readonly string[]>> = {
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
