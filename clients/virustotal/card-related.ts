import { defang } from "../../domain/indicators/defang";
import { kindNouns } from "../../domain/indicators/label";
import { presentableUrl } from "../../domain/indicators/url-privacy";
import type { CardSection } from "../../domain/lookups/provider";
import { counted, cut } from "../../domain/text";
import { line } from "../brief";
import { section } from "../card-sections";
import type { Related } from "./related";
import type { Report } from "./wire";

const mostNames = 3;
const maxLength = 60;

/** Labels for things that are related to a file. */
const labels: Readonly<Record<string, string>> = {
  contacted_domains: "Contacted domains",
  contacted_ips: "Contacted IP addresses",
  contacted_urls: "Contacted URLs",
  dropped_files: "Dropped files",
  bundled_files: "Bundled files",
  execution_parents: "Executed by files",
};

/** Details in addition to those of the attributes. */
export interface RelatedPart {
  readonly section: CardSection;
  readonly lines: readonly string[];
}

export function relatedPartOf(report: Report, things: readonly Related[]): RelatedPart {
  const rows = Object.entries(labels).map(([relationship, label]) => {
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
  return cut(defang({ kind, value: kind === "url" ? presentableUrl(value) : value }), maxLength);
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
