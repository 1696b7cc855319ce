import type { IndicatorKind } from "../indicators/indicator";
import { defined } from "../json";
import type { AnyProvider, Provider } from "../lookups/provider";
import type { RunReport } from "../report/report";
import type { Summary } from "../report/summary";

/** For which indicators a comment shows details: see the setting COMMENT_DETAIL. */
export const commentDetails = ["worst", "full"] as const;
export type CommentDetail = (typeof commentDetails)[number];

/** How comments are written: see the setting COMMENT_FORMAT. */
export const commentFormats = ["html", "text"] as const;
export type CommentFormat = (typeof commentFormats)[number];

/** When the first comment is written: see the setting COMMENT_WHEN. */
export const commentConditions = ["indicators", "findings", "always"] as const;
export type CommentWhen = (typeof commentConditions)[number];

/** For which incidents reconciliation starts runs: see the setting RECONCILE. */
export const reconcileModes = ["off", "known", "all"] as const;
export type ReconcileMode = (typeof reconcileModes)[number];

/** Whether incidents are sent to Intezer and its triages are shown: see the setting INTEZER_ALERTS. */
export const alertModes = ["submit", "listen", "off"] as const;
export type AlertMode = (typeof alertModes)[number];

/** What orchestrators need to know about a provider. */
export interface ProviderPlan
  extends Pick<Provider, "id" | "title" | "kinds" | "off" | "quota" | "readsFragments" | "isInternal"> {
  /** Number of indicators per bulk lookup; absent if each is looked up separately. */
  readonly bulkSize?: number;
}

export function planOf(provider: AnyProvider): ProviderPlan {
  const { id, title, kinds, off, quota, readsFragments, isInternal } = provider;
  const bulkSize = "bulkSize" in provider ? provider.bulkSize : undefined;
  return { id, title, kinds, off, quota, ...defined({ readsFragments, isInternal, bulkSize }) };
}

/** What a report needs to know about a provider. */
export function shownProvider(plan: ProviderPlan): RunReport["providers"][number] {
  const { id, title, readsFragments, isInternal } = plan;
  return { id, title, ...defined({ readsFragments, isInternal }) };
}

/** The settings with which a run began: it keeps them, even if others are deployed while it waits. */
export interface RunSettings {
  readonly firstCommentSeconds: number;
  readonly deadlineSeconds: number;
  readonly entityRetrySeconds: readonly number[];
  readonly commentWhen: CommentWhen;
  readonly commentDetail: CommentDetail;
  readonly alerts: AlertMode;
  /** Why `alerts` are off, if only in this run. */
  readonly alertsOff?: string;
  readonly dryRun: boolean;
  /** How far back to search for sightings, and how long the comment waits for them; absent if that is off. */
  readonly sightings?: { readonly days: number; readonly waitSeconds: number };
  /** Its results go to the results table. */
  readonly sendsResults?: true;
  readonly providers: readonly ProviderPlan[];
}

const conditions: Readonly<Record<CommentWhen, (report: RunReport, summary: Summary) => boolean>> = {
  always: () => true,
  indicators: (report, { counts }) =>
    counts.indicators > 0 || counts.notChecked > 0 || report.triage.kind === "taken",
  findings: (_report, { verdict, counts }) =>
    verdict === "malicious" || verdict === "suspicious" || counts.notChecked > 0,
};

/**
 * Whether a comment is written at all (setting COMMENT_WHEN); tags are always written. An update that the first comment
 * promised is written regardless.
 */
export function commentIsDue(when: CommentWhen, report: RunReport, summary: Summary): boolean {
  return conditions[when](report, summary);
}

/** The header by which an automation rule's playbook excludes parts of a run. It never adds any. */
export const exclusionsHeader = "x-enricher-without";

/** What a word of the header excludes: kinds of indicator at its provider, or the submission of alerts. */
export type Exclusion = readonly IndicatorKind[] | "alerts";

/** The header's words, by provider id. */
export type Exclusions = Readonly<Record<string, Readonly<Record<string, Exclusion>>>>;

type Exclude = (settings: RunSettings, reason: string) => RunSettings;

type Remaining =
  | { readonly kind: "settings"; readonly settings: RunSettings }
  /** Says which word is unknown, and which ones are known. */
  | { readonly kind: "refused"; readonly reason: string };

/** The settings without what the header excludes; its words are separated by commas, and case does not matter. */
export function withoutExcluded(
  settings: RunSettings,
  header: string | null,
  exclusions: Exclusions,
): Remaining {
  const parts = new Map(
    Object.entries(exclusions).flatMap(([providerId, words]) =>
      Object.entries(words).map(([word, taken]): [string, Exclude] => [
        word,
        taken === "alerts" ? withoutAlerts : withoutKinds(providerId, taken),
      ]),
    ),
  );
  const words = (header ?? "")
    .split(",")
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== "");
  if (words.some((word) => !parts.has(word))) {
    const known = [...parts.keys()].sort().join(", ");
    return { kind: "refused", reason: `${exclusionsHeader} has an unknown word. It knows ${known}.` };
  }
  const exclude = (rest: RunSettings, word: string) => parts.get(word)?.(rest, reasonFor(word)) ?? rest;
  return { kind: "settings", settings: words.reduce(exclude, settings) };
}

function reasonFor(word: string): string {
  return `the automation rule switches this off (${exclusionsHeader}: ${word})`;
}

function withoutAlerts(settings: RunSettings, reason: string): RunSettings {
  return settings.alerts === "off" ? settings : { ...settings, alerts: "off", alertsOff: reason };
}

/** Kinds that a setting switches off keep that reason, because without the word they would still be off. */
function withoutKinds(providerId: string, kinds: readonly IndicatorKind[]): Exclude {
  return (settings, reason) => ({
    ...settings,
    providers: settings.providers.map((plan) =>
      plan.id === providerId ? planWithout(plan, kinds, reason) : plan,
    ),
  });
}

function planWithout(plan: ProviderPlan, kinds: readonly IndicatorKind[], reason: string): ProviderPlan {
  const taken = plan.kinds.filter((kind) => kinds.includes(kind));
  return {
    ...plan,
    kinds: plan.kinds.filter((kind) => !kinds.includes(kind)),
    off: { ...Object.fromEntries(taken.map((kind) => [kind, reason])), ...plan.off },
  };
}
