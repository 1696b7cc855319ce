import { kindCounts } from "../indicators/label";
import type { Lookup, RunReport } from "../report/report";
import { counted } from "../text";
import { durationText, instantText } from "../time";

const product = "Sentinel Incident Enricher";

/** How a delivery of Intezer's triage is recognised in a comment: hexadecimal digits survive every encoding. */
export function deliveryMark(deliveryId: string): string {
  return `delivery ${deliveryId}`;
}

/** Run, app version, duration, what was sent to whom, and the delivery that the comment carries. */
export function footerOf(report: RunReport, version: string): readonly string[] {
  const { run, at, triage, part } = report;
  return [
    `${product} ${version}, run ${run} of ${instantText(run)}, took ${durationText(at - run)}`,
    `Sent: ${sentText(report)}`,
    ...(part === "first" && triage.kind === "taken" && !triage.isElsewhere
      ? [carries(triage.deliveryId)]
      : []),
  ];
}

export function addendumFooter(deliveryId: string, version: string, at: number): readonly string[] {
  return [`${product} ${version}, ${instantText(at)}`, carries(deliveryId)];
}

function carries(deliveryId: string): string {
  return `Carries Intezer's ${deliveryMark(deliveryId)}`;
}

function sentText(report: RunReport): string {
  const parts = report.providers.flatMap((provider) => sentTo(provider, report));
  return (
    [...(report.incidentSubmitted ? ["the whole incident to Intezer"] : []), ...parts].join("; ") || "nothing"
  );
}

function sentTo({ id, title }: RunReport["providers"][number], { items }: RunReport): readonly string[] {
  const sent = items.filter(({ lookups }) => wasSent(lookups[id]));
  const counts = kindCounts(sent.map(({ indicator }) => indicator));
  const fingerprints = sent.filter(({ indicator }) => indicator.byFingerprint).length;
  const only = fingerprints > 0 ? ` (of ${counted(fingerprints, "URL")} only a fingerprint)` : "";
  return counts.length > 0 ? [`${counts.join(", ")}${only} to ${title}`] : [];
}

/** A lookup that failed may have reached the service all the same. */
function wasSent(lookup: Lookup | undefined): boolean {
  if (lookup?.kind === "open") return lookup.cause !== "quota";
  return lookup !== undefined && ["answered", "notKnown", "failed", "notAnswered"].includes(lookup.kind);
}
