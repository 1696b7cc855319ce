import type { Attempt } from "../attempt";
import type { FileHashes, Indicator, IndicatorKind } from "../indicators/indicator";
import { defined } from "../json";
import type { Verdict } from "../verdict";
import type { QuotaSetting, Wait } from "./quota";
import type { AutoQuota } from "./quota-ledger";
import type { RelatedKeys } from "./relation";

/**
 * Details of one answer, shown for the worst indicators, or with COMMENT_DETAIL=full for others too. At most 4 KB as
 * JSON.
 */
export interface Card {
  /** The most important facts, a sentence or two each: what COMMENT_DETAIL=worst shows. Absent: all sections are shown. */
  readonly brief?: readonly string[];
  /** Every field. */
  readonly sections: readonly CardSection[];
}

export interface CardSection {
  readonly title: string;
  /** Label and value, both plain text. Unknown facts are absent, not empty. */
  readonly rows: readonly (readonly [label: string, value: string])[];
}

/** How many of a service's engines call an indicator bad. */
export interface EngineFigures {
  readonly malicious: number;
  /** Not among those that call it malicious. */
  readonly suspicious: number;
  /** All engines that answered. */
  readonly all: number;
}

/**
 * What a service says about one indicator. At most 1 KB as JSON without the card and the related keys; these keys have at
 * most 1 KB of their own. All text is plain and may be hostile: the templates encode it.
 */
export interface Answer {
  readonly verdict: Verdict;
  /** Sentences with figures that explain the verdict, most important first. The first one puts the summary into words. */
  readonly reasons: readonly string[];
  /** The figure after the provider's title, e.g. "54 of 72 engines". */
  readonly summary: string;
  /** The same figure as numbers, if the service counts engines and its counts are readable. */
  readonly engines?: EngineFigures;
  /** URL of the report for people; `https`, on a host of the service. */
  readonly link?: string;
  /** When the service made the assessment, epoch milliseconds. */
  readonly assessedAt?: number;
  /** The service's name for it, e.g. a file name. */
  readonly name?: string;
  /** Files only: all hashes of the file that the service knows. */
  readonly hashes?: FileHashes;
  /** The most important fact about it, e.g. "AS15169 Google LLC, US". */
  readonly context?: string;
  /** The service vouches for it as known good, which outweighs another service's `weak` finding. */
  readonly trusted?: true;
  /** The finding has so little evidence (one engine) that a `trusted` answer of another service outweighs it. */
  readonly weak?: true;
  /** Keys of the things that the service relates to this one, by which the incident's own indicators are found. */
  readonly related?: RelatedKeys;
  readonly card?: Card;
}

/** How the lookup of one indicator at one provider ended. */
export type Outcome = OutcomeKind & {
  /** Set if it comes from the cache: when it was cached, epoch milliseconds. */
  readonly keptSince?: number;
};

type OutcomeKind =
  | { readonly kind: "answered"; readonly answer: Answer }
  /** The service has no record, could not reach the URL, or does not analyse this type: never clean. */
  | {
      readonly kind: "notKnown";
      readonly reason: string;
      readonly link?: string;
      readonly hashes?: FileHashes;
    }
  /**
   * The service lists only bad things, and not this one, which may be good or bad: neither an answer nor a gap, and not
   * shown with what other providers say.
   */
  | { readonly kind: "noOpinion"; readonly reason: string }
  /** Not wanted: the kind or the provider is switched off, there is no key, or a rule of the account skips it. */
  | { readonly kind: "off"; readonly reason: string }
  | NotChecked
  | { readonly kind: "failed"; readonly reason: string }
  /** No answer before the deadline. */
  | { readonly kind: "notAnswered"; readonly reason: string };

interface NotChecked {
  readonly kind: "notChecked";
  /**
   * `key` ends the provider's lookups for this run: all open ones get the same outcome. `quota` with `possibleAt` closes
   * the account for new lookups in all runs; `budget` is our own limit for one step.
   */
  readonly cause: "quota" | "budget" | "key" | "right" | "tooMany";
  /** Says what an operator can do, e.g. which setting to check. */
  readonly reason: string;
  /** When a lookup will be possible, epoch milliseconds, if the service says so. */
  readonly possibleAt?: number;
}

export type Consultation =
  | { readonly kind: "final"; readonly outcome: Outcome }
  | {
      readonly kind: "again";
      /** `pending`: the service is working; `quota`: all lookups of the provider pause; `fault`: retried, then `failed`. */
      readonly cause: "pending" | "quota" | "fault";
      readonly afterSeconds: number;
      /** For people, e.g. "HTTP 503". */
      readonly reason: string;
      /** Opaque to all but the provider that created it; passed to its next `consult`. */
      readonly continuation?: string;
    };

/** The lookup has ended. */
export function final(outcome: Outcome): Consultation {
  return { kind: "final", outcome };
}

/** The service is still working on it. */
export function pending(reason: string, afterSeconds: number, continuation?: string): Consultation {
  return later("pending", reason, afterSeconds, continuation);
}

/** The service's quota is spent for now: all lookups of this provider wait. */
export function overQuota(reason: string, afterSeconds: number, continuation?: string): Consultation {
  return later("quota", reason, afterSeconds, continuation);
}

/** The service gave no usable answer: retried a few times, then `failed`. */
export function fault(reason: string, afterSeconds: number, continuation?: string): Consultation {
  return later("fault", reason, afterSeconds, continuation);
}

function later(
  cause: "pending" | "quota" | "fault",
  reason: string,
  afterSeconds: number,
  continuation: string | undefined,
): Consultation {
  return { kind: "again", cause, afterSeconds, reason, ...defined({ continuation }) };
}

/** A service that assesses indicators. `consult` never throws for anything the service may do. */
export interface Provider {
  /** Part of instance ids and setting names, e.g. `virustotal`. */
  readonly id: string;
  /** Its name in comments, e.g. `VirusTotal`. */
  readonly title: string;
  readonly kinds: readonly IndicatorKind[];
  /** The kinds that it could look up but does not, each with the reason. */
  readonly off: Readonly<Partial<Record<IndicatorKind, string>>>;
  readonly quota: QuotaSetting;
  /** Identifies the settings that its verdicts depend on: cached answers are used only with the same settings. */
  readonly settingsKey?: string;
  /**
   * Base URL of the service; the cache separates answers by it, for example those of a simulator. Absent if there is
   * only one.
   */
  readonly endpoint?: string;
  /** Present if some limits of the quota are `auto`. */
  readonly auto?: AutoQuota;
  /** Identifies its key: 16 hex digits of the key's SHA-256, `undefined` while it has none. Absent if it needs none. */
  keyId?(): Promise<Attempt<string | undefined>>;
  /** It opens pages, so a URL's fragment can change the answer. */
  readonly readsFragments?: true;
  /**
   * It reads the organisation's own data, so a lookup discloses nothing. Its answers cost nothing, can change at any time
   * and differ between workspaces, so they are not cached.
   */
  readonly isInternal?: true;
  /** One lookup, at most 18 s. */
  consult(indicator: Indicator, continuation?: string): Promise<Consultation>;
}

/** A service that answers for many indicators at once. */
export interface BulkProvider extends Omit<Provider, "consult"> {
  /** Maximum number of indicators per call. */
  readonly bulkSize: number;
  /**
   * Lookups for an incident of the workspace with this scope, at most 18 s in total. One consultation per indicator, in
   * the same order.
   */
  consultAll(indicators: readonly Indicator[], scope: string): Promise<readonly Consultation[]>;
}

export type AnyProvider = Provider | BulkProvider;

/** For people: the phrase that says that a setting switches off a kind of indicator. */
export function switchedOffBy(setting: string): string {
  return `the setting ${setting} switches this off`;
}

/** Whether the reason names a setting. */
export function isSwitchedOffBySetting(reason: string): boolean {
  return /^the setting \S+ switches this off$/.test(reason);
}

/** The provider while `settings` are missing: it looks up nothing. Kinds that are off anyway keep their reason. */
export function withoutKey(provider: AnyProvider, settings: string): AnyProvider {
  const reason = `${provider.title} has no API key: set ${settings}`;
  const noKey = Object.fromEntries(provider.kinds.map((kind) => [kind, reason]));
  return { ...provider, kinds: [], off: { ...provider.off, ...noKey } };
}

/** Pauses that a service asked for in answers that arrived at `at` (epoch milliseconds). */
export function pausesIn(consultations: readonly Consultation[], at: number): readonly Wait[] {
  return consultations.flatMap((each) =>
    each.kind === "again" && each.cause === "quota"
      ? [{ freeAt: at + each.afterSeconds * 1000, reason: each.reason }]
      : [],
  );
}
