import type { Attempt } from "../attempt";
import type { FileHashes, Indicator, IndicatorKind } from "../indicators/indicator";
import { defined } from "../json";
import type { Verdict } from "../verdict";
import type { QuotaSetting, Wait } from "./quota";
import type { AutoQuota } from "./quota-ledger";
import type { RelatedKeys } from "./relation";

/** Details of one answer, shown only for the worst indicators. At most 4 KB as JSON. */
export interface Card {
  /** The most important facts, a sentence or two each: what COMMENT_DETAIL=worst shows. Absent: all sections are shown. */
  readonly brief?: readonly string[];
  /** Every field. */
  readonly sections: readonly CardSection[];
}

export interface CardSection {
  readonly title: string;
  /** Label and value, both plain text. Absent facts are absent, not empty. */
  readonly rows: readonly (readonly [label: string, value: string])[];
}

/** How many of a service's engines call a thing bad. */
export interface EngineFigures {
  readonly malicious: number;
  /** Not among those that call it malicious. */
  readonly suspicious: number;
  /** All that have answered. */
  readonly all: number;
}

/**
 * What a service said about one indicator. At most 1 KB as JSON without the card and the related keys, which have at
 * most 1 KB of their own. All text is plain and may be hostile: printing code encodes it.
 */
export interface Answer {
  readonly verdict: Verdict;
  /** Sentences with figures that explain the verdict, most important first: the first one says the summary in words. */
  readonly reasons: readonly string[];
  /** The figure beside the provider's title, e.g. "54 of 72 engines". */
  readonly summary: string;
  /** The same figure as numbers, where the service counts engines and its counts are readable. */
  readonly engines?: EngineFigures;
  /** Report for people; `https` and a host of the service. */
  readonly link?: string;
  /** When the service made the assessment, epoch milliseconds. */
  readonly assessedAt?: number;
  /** What the service calls the thing, e.g. a file name. */
  readonly name?: string;
  /** Files only: all hashes that the service knows of the file. */
  readonly hashes?: FileHashes;
  /** The most important fact about the thing, e.g. "AS15169 Google LLC, US". */
  readonly context?: string;
  /** The service vouches for the thing as known good: this outweighs another service's `weak` finding. */
  readonly trusted?: true;
  /** The finding rests on so little (one engine) that a `trusted` answer of another service outweighs it. */
  readonly weak?: true;
  /** By which the incident's own indicators are found among the things that the service relates to this one. */
  readonly related?: RelatedKeys;
  readonly card?: Card;
}

/** How the lookup of one indicator at one provider ended. */
export type Outcome = OutcomeKind & {
  /** It comes from the cache, which has it since then, epoch milliseconds. */
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
   * It lists what is bad and does not list this, which may be good or bad: neither an answer nor a gap, and and not
   * shown beside what others say.
   */
  | { readonly kind: "noOpinion"; readonly reason: string }
  /** Not wanted: kind or provider switched off, no key, or skipped by a rule of the account. */
  | { readonly kind: "off"; readonly reason: string }
  | NotChecked
  | { readonly kind: "failed"; readonly reason: string }
  /** No answer before the deadline. */
  | { readonly kind: "notAnswered"; readonly reason: string };

interface NotChecked {
  readonly kind: "notChecked";
  /**
   * `key` ends the provider for the run: every lookup that is still open gets the same outcome. `quota` with
   * `possibleAt` closes the account for everything new, in all runs; `budget` is a limit of our own for one step.
   */
  readonly cause: "quota" | "budget" | "key" | "right" | "tooMany";
  /** Says what an operator can do, e.g. which setting to look at. */
  readonly reason: string;
  /** When it will be possible, epoch milliseconds, where the service says so. */
  readonly possibleAt?: number;
}

export type Consultation =
  | { readonly kind: "final"; readonly outcome: Outcome }
  | {
      readonly kind: "again";
      /** `pending`: the service is working; `quota`: the whole provider pauses; `fault`: retried, then `failed`. */
      readonly cause: "pending" | "quota" | "fault";
      readonly afterSeconds: number;
      /** For people, e.g. "HTTP 503". */
      readonly reason: string;
      /** Opaque to all but the provider that made it; goes into its next `consult`. */
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

/** The service gave no usable answer: tried again a few times, then `failed`. */
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

/** A service that assesses indicators. `consult` never throws for what a service can do. */
export interface Provider {
  /** Part of instance ids and setting names, e.g. `virustotal`. */
  readonly id: string;
  /** Heading of its column in the comment, e.g. `VirusTotal`. */
  readonly title: string;
  readonly kinds: readonly IndicatorKind[];
  /** The kinds it could be asked about, but is not, each with the setting that switches it on. */
  readonly off: Readonly<Partial<Record<IndicatorKind, string>>>;
  readonly quota: QuotaSetting;
  /** Stands for the settings that its verdicts depend on: cached answers are used under the same ones only. */
  readonly settingsKey?: string;
  /** Base URL of the service: answers of another one, a simulator's above all, are not its own. Absent: there is one. */
  readonly endpoint?: string;
  /** Present where the quota leaves something to the service. */
  readonly auto?: AutoQuota;
  /** Which key it uses: 16 hex digits of its SHA-256, `undefined` while it has none. Absent: it needs none. */
  keyId?(): Promise<Attempt<string | undefined>>;
  /** It opens pages: what follows a URL from `#` on can make another answer. */
  readonly readsFragments?: true;
  /**
   * It reads the organisation's own data: asking it discloses nothing. Its answers cost nothing, change at any time and
   * differ between workspaces, so none is cached.
   */
  readonly isInternal?: true;
  /** One lookup, at most 18 s. */
  consult(indicator: Indicator, continuation?: string): Promise<Consultation>;
}

/** A service that answers for many indicators at once. */
export interface BulkProvider extends Omit<Provider, "consult"> {
  /** Most indicators of one call. */
  readonly bulkSize: number;
  /**
   * Lookups for an incident of the workspace with this scope, at most 18 s in all. One consultation for each, in their
   * order.
   */
  consultAll(indicators: readonly Indicator[], scope: string): Promise<readonly Consultation[]>;
}

export type AnyProvider = Provider | BulkProvider;

/** Why a provider is not asked about a kind of indicator, as a phrase for people. */
export function switchedOffBy(setting: string): string {
  return `the setting ${setting} switches this off`;
}

/** Whether such a reason is that of a setting. */
export function isSwitchedOffBySetting(reason: string): boolean {
  return /^the setting \S+ switches this off$/.test(reason);
}

/** The provider as it is while `settings` are missing: asked about nothing. What else is off keeps its reason. */
export function withoutKey(provider: AnyProvider, settings: string): AnyProvider {
  const reason = `${provider.title} has no API key: set ${settings}`;
  const noKey = Object.fromEntries(provider.kinds.map((kind) => [kind, reason]));
  return { ...provider, kinds: [], off: { ...provider.off, ...noKey } };
}

/** Pauses that a service asked for in its answers, which came at `at` (epoch milliseconds). */
export function pausesIn(consultations: readonly Consultation[], at: number): readonly Wait[] {
  return consultations.flatMap((each) =>
    each.kind === "again" && each.cause === "quota"
      ? [{ freeAt: at + each.afterSeconds * 1000, reason: each.reason }]
      : [],
  );
}
