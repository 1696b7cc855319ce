import { type Verdict, verdicts, worstOf } from "../verdict";
import type { Summary } from "./summary";
import { type Triage, verdictOfTriage } from "./triage";

const enriched = "enriched";
const incomplete = "enrichment-incomplete";
const phishing = "phishing";

const tagOfVerdict: Readonly<Record<Verdict, string>> = {
  malicious: "threat-found",
  suspicious: "threat-suspected",
  unknown: "verdict-unknown",
  clean: "no-known-threat",
};

/** Tags that the app sets and removes. It only sets `phishing`, because people set that tag as well. */
const ours: readonly string[] = [enriched, incomplete, ...Object.values(tagOfVerdict)];

/**
 * Who writes the tags. `replace`: a run. `update`: a run's update. `raise`: an addendum while other parts are missing.
 * `complete`: an addendum that brings the last missing part. `merged`: the run of an incident that was merged into this
 * one, which knows only some of the alerts, and not what is missing for the others.
 */
export type TagRule = "replace" | "update" | "raise" | "complete" | "merged";

type VerdictRule = (present: Verdict | undefined, wanted: Verdict, before: Verdict | undefined) => Verdict;

/** Keeps a threat that an addendum may have found in the meantime. */
const keepThreat: VerdictRule = (present, wanted) =>
  present === "malicious" || present === "suspicious" ? worse(present, wanted) : wanted;
/** A run may lower the verdict that it started with, but not one that was found or came by a merge since. */
const followOwn: VerdictRule = (present, wanted, before) =>
  present !== undefined && before !== undefined && worse(present, before) === before
    ? wanted
    : keepThreat(present, wanted, before);
/** A part alone clears nothing: if there is no verdict yet, a clean part makes it unknown. */
const onlyWorsen: VerdictRule = (present = "unknown", wanted) => worse(present, wanted);

const rules: Readonly<
  Record<
    TagRule,
    { readonly verdict: VerdictRule; readonly incomplete: "asWanted" | "asPresent" | "asEither" | "gone" }
  >
> = {
  replace: { verdict: followOwn, incomplete: "asWanted" },
  update: { verdict: keepThreat, incomplete: "asWanted" },
  raise: { verdict: onlyWorsen, incomplete: "asPresent" },
  complete: { verdict: onlyWorsen, incomplete: "gone" },
  merged: { verdict: onlyWorsen, incomplete: "asEither" },
};

/** The tags that a run's comment calls for. */
export function tagsFor(summary: Summary): readonly string[] {
  return [
    enriched,
    tagOfVerdict[summary.verdict],
    ...(summary.incomplete ? [incomplete] : []),
    ...(summary.phishing ? [phishing] : []),
  ];
}

/** The tag that an addendum calls for; `replaceTags` compares it with the present one. Only runs set `enriched`. */
export function tagsForTriage(triage: Triage): readonly string[] {
  return [tagOfVerdict[verdictOfTriage(triage)]];
}

/**
 * The incident's tags with the app's own tags replaced as a set. All others keep their place and spelling; case does not
 * matter for recognising our own. `before`: the tags that a run may replace by milder ones.
 */
export function replaceTags(
  present: readonly string[],
  wanted: readonly string[],
  rule: TagRule,
  before: readonly string[] = [],
): readonly string[] {
  const { verdict, incomplete: incompleteRule } = rules[rule];
  // Of several, one was set by a person or came by a merge: a run cannot know which, and lowers none.
  const owned = verdictsOfTags(present).length > 1 ? undefined : verdictOfTags(before);
  const verdictTag = tagOfVerdict[verdict(verdictOfTags(present), verdictOfTags(wanted) ?? "unknown", owned)];
  const isIncomplete = {
    asWanted: has(wanted, incomplete),
    asPresent: has(present, incomplete),
    asEither: has([...present, ...wanted], incomplete),
    gone: false,
  };
  return [
    ...present.filter((tag) => !has(ours, tag)),
    ...(has(wanted, phishing) && !has(present, phishing) ? [phishing] : []),
    ...(has([...present, ...wanted], enriched) ? [enriched] : []),
    verdictTag,
    ...(isIncomplete[incompleteRule] ? [incomplete] : []),
  ];
}

/** The verdicts that the tags show, worst first: several if one was set by hand or came by a merge. */
export function verdictsOfTags(tags: readonly string[]): readonly Verdict[] {
  return verdicts.filter((verdict) => has(tags, tagOfVerdict[verdict]));
}

/** The worst of them. */
export function verdictOfTags(tags: readonly string[] = []): Verdict | undefined {
  return verdictsOfTags(tags)[0];
}

/** Whether a run has tagged the incident, or one that was merged into it. */
export function isEnriched(tags: readonly string[]): boolean {
  return has(tags, enriched);
}

/** Whether a run says that something is missing in what it has written. */
export function isIncomplete(tags: readonly string[]): boolean {
  return has(tags, incomplete);
}

function has(tags: readonly string[], tag: string): boolean {
  return tags.some((other) => other.toLowerCase() === tag.toLowerCase());
}

function worse(a: Verdict, b: Verdict): Verdict {
  return worstOf([a, b]) ?? a;
}
