import { kindCounts } from "../indicators/label";
import { switchedOffIn } from "../report/gaps";
import type { Lookup, RunReport } from "../report/report";
import { durationText, instantText } from "../time";

const product = "Sentinel Incident Enricher";

/** How a delivery of Intezer's triage is recognised in a comment: hexadecimal digits survive every encoding. */
export function deliveryMark(deliveryId: string): string {
  return `delivery ${deliveryId}`;
}

/** Run, app version, duration, what was sent to whom, what is switched off, and the delivery that the comment carries. */
export function footerOf(report: RunReport, version: string): readonly string[] {
  const { run, at, triage, part, incident } = report;
  return [
    `Incident ${incident.number}, run ${run}, ${instantText(run)} (${durationText(at - run)}), ${product} ${version}`,
    ...sentTexts(report),
    ...offTexts(report),
    ...(part === "first" && triage.kind === "taken" && !triage.isElsewhere
      ? [`Intezer ${deliveryMark(triage.deliveryId)}`]
      : []),
  ];
}

export function addendumFooter(
  deliveryId: string,
  { version, at, number }: { readonly version: string; readonly at: number; readonly number?: number },
): readonly string[] {
  const incident = number === undefined ? "" : `Incident ${number}, `;
  return [`${incident}${instantText(at)}, ${product} ${version}`, `Intezer ${deliveryMark(deliveryId)}`];
}

function sentTexts(report: RunReport): readonly string[] {
  const sent = report.providers.flatMap(({ id, title }) => {
    const whole = report.incidentSubmitted && id === "intezer" ? ["the whole incident"] : [];
    const asked = report.items.filter(({ lookups }) => wasSent(lookups[id]));
    const parts = [...whole, ...kindCounts(asked.map(({ indicator }) => indicator))];
    return parts.length > 0 ? [`Sent to ${title}: ${parts.join(", ")}`] : [];
  });
  return sent.length > 0 ? sent : ["Nothing was sent to a provider"];
}

/** A lookup that failed may have reached the service all the same. */
function wasSent(lookup: Lookup | undefined): boolean {
  if (lookup?.kind === "open") return lookup.cause !== "quota";
  return lookup !== undefined && ["answered", "notKnown", "failed", "notAnswered"].includes(lookup.kind);
}

function offTexts(report: RunReport): readonly string[] {
  const { triage } = report;
  return [
    ...switchedOffIn(report).map(
      ({ provider, indicators, reason }) =>
        `${provider} was not asked about ${kindCounts(indicators).join(", ")}: ${reason}`,
    ),
    ...(triage.kind === "none" && triage.reason !== undefined
      ? [`Intezer was not asked for a triage: ${triage.reason}`]
      : []),
  ];
}
