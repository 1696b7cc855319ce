import type { Incident } from "../incident/incident";
import { type IndicatorKind, indicatorKinds } from "../indicators/indicator";
import { kindCounts, kindNouns } from "../indicators/label";
import { isSwitchedOffBySetting } from "../lookups/provider";
import { type SwitchedOff, switchedOffIn } from "../report/gaps";
import type { Lookup, RunReport } from "../report/report";
import { deliveryMark, product } from "../run/own-comments";
import { counted } from "../text";
import { durationText, instantText } from "../time";

/** Run, app version, duration, what was sent to whom, what is switched off, and the triage delivery in the comment. */
export function footerOf(report: RunReport, version: string): readonly string[] {
  const { run, at, triage, part, incident } = report;
  return [
    `${incidentText(incident)} ${run}, ${instantText(run)}, took ${durationText(at - run)}, ${product} ${version}`,
    ...sentTexts(report),
    ...cacheTexts(report),
    ...switchedOffIn(report).flatMap(offTexts),
    ...(triage.kind === "none" && triage.reason !== undefined
      ? [`Intezer was not asked for a triage: ${withoutNames(triage.reason)}`]
      : []),
    ...(part === "first" && triage.kind === "taken" && !triage.isElsewhere
      ? [`Intezer ${deliveryMark(triage.deliveryId)}`]
      : []),
  ];
}

/** A list of indicators from a file is not an incident that could be opened. */
function incidentText({ number, url }: Pick<Incident, "number" | "url">): string {
  return url === undefined ? "Run" : `Incident ${number}, run`;
}

export function addendumFooter(
  deliveryId: string,
  { version, at, number }: { readonly version: string; readonly at: number; readonly number?: number },
): readonly string[] {
  const incident = number === undefined ? "" : `Incident ${number}, `;
  return [`${incident}${instantText(at)}, ${product} ${version}`, `Intezer ${deliveryMark(deliveryId)}`];
}

function sentTexts(report: RunReport): readonly string[] {
  const external = report.providers.filter(({ isInternal }) => !isInternal);
  const sent = external.flatMap(({ id, title }) => {
    const whole = report.incidentSubmitted && id === "intezer" ? ["the whole incident"] : [];
    const asked = report.items
      .filter(({ lookups }) => wasSent(lookups[id]) && !isFromCache(report, lookups[id]))
      .map(({ indicator }) => indicator);
    const fingerprints = asked.filter(({ byFingerprint }) => byFingerprint).length;
    const parts = [
      ...whole,
      ...kindCounts(asked.filter(({ byFingerprint }) => !byFingerprint)),
      ...(fingerprints > 0
        ? [
            `${fingerprints === 1 ? "the fingerprint" : "the fingerprints"} of ${counted(fingerprints, "URL")}`,
          ]
        : []),
    ];
    return parts.length > 0 ? [`Sent to ${title}: ${parts.join(", ")}`] : [];
  });
  return sent.length > 0 ? sent : ["Nothing was sent to any provider"];
}

/** A failed lookup may still have reached the service. */
function wasSent(lookup: Lookup | undefined): boolean {
  if (lookup?.kind === "open") return lookup.cause !== "quota";
  return lookup !== undefined && ["answered", "notKnown", "failed", "notAnswered"].includes(lookup.kind);
}

/** Cached by an earlier run; this run may also read back what it has cached itself. */
function isFromCache({ run }: RunReport, lookup: Lookup | undefined): boolean {
  return keptSince(lookup) < run;
}

function keptSince(lookup: Lookup | undefined): number {
  return (lookup?.kind !== "open" && lookup?.keptSince) || Number.POSITIVE_INFINITY;
}

function cacheTexts(report: RunReport): readonly string[] {
  const kept = report.items
    .flatMap(({ lookups }) => Object.values(lookups))
    .filter((lookup) => isFromCache(report, lookup))
    .map(keptSince);
  if (kept.length === 0) return [];
  const oldest = instantText(Math.min(...kept));
  return [
    `${counted(kept.length, "answer")} from the cache, ${kept.length === 1 ? "from" : "the oldest from"} ${oldest}`,
  ];
}

const verbs: Readonly<Record<IndicatorKind, string>> = {
  file: "look up",
  url: "open",
  domain: "look up",
  address: "look up",
};

/** A setting switches something off in every run ("here"); any other reason applies to this run only. */
function offTexts({ provider, indicators, reason }: SwitchedOff): readonly string[] {
  if (!isSwitchedOffBySetting(reason)) {
    const why = withoutNames(reason);
    const about = kindCounts(indicators).join(", ");
    return [why.startsWith(provider) ? why : `${provider} did not look up ${about}: ${why}`];
  }
  return indicatorKinds
    .filter((kind) => indicators.some((indicator) => indicator.kind === kind))
    .map((kind) => `${provider} does not ${verbs[kind]} ${kindNouns[kind].many} here`);
}

/** Without the names of settings and headers, which are for operators: the run's output has them. */
function withoutNames(reason: string): string {
  return reason.replace(/(: set | \().*$/s, "");
}
