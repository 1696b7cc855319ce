import { type Allowed, allowList } from "./allowed";
import type { Indicator, IndicatorKind, LeftOut } from "./indicator";
import { urlFingerprint } from "./url";
import { isPrivateFragment, presentableUrl, privateDetailIn, type UrlDetail } from "./url-privacy";

/** What must not leave the tenant: the settings ALLOWED_INDICATORS, ALLOWED_WATCHLIST and URL_DETAIL. */
export interface Screening {
  readonly allowed: readonly Allowed[];
  readonly urlDetail: UrlDetail;
  /** What analysts have added (setting ALLOWED_WATCHLIST). */
  readonly watchlist?: { readonly alias: string; readonly allowed: readonly Allowed[] };
}

/** The screening without any settings. */
export const defaultScreening: Screening = { allowed: [], urlDetail: "safe" };

const entityKinds: Readonly<Record<IndicatorKind, string>> = {
  file: "File",
  url: "Url",
  domain: "DnsResolution",
  address: "Ip",
};

/** Why an indicator of ALLOWED_INDICATORS is left out, for analysts. */
export const allowedReason = "on the list of allowed indicators";

/** The same for an indicator on the analysts' own list. */
const watchlistReason = (alias: string) => `${allowedReason}, watchlist ${alias}`;

/** Whether a watchlist is the reason. */
export function isOnWatchlist({ reason }: LeftOut): boolean {
  return reason.startsWith(watchlistReason(""));
}

/** Splits the indicators into those that are left out and those that may be sent, reduced to what may be sent. */
export function screened(
  indicators: readonly Indicator[],
  { allowed, watchlist, urlDetail }: Screening,
): { readonly indicators: readonly Indicator[]; readonly leftOut: readonly LeftOut[] } {
  const lists = [
    { isOn: allowList(allowed), reason: allowedReason },
    ...(watchlist ? [{ isOn: allowList(watchlist.allowed), reason: watchlistReason(watchlist.alias) }] : []),
  ];
  const judged = indicators.map((indicator) => ({
    indicator,
    reason: lists.find(({ isOn }) => isOn(indicator))?.reason,
  }));
  return {
    indicators: judged
      .flatMap(({ indicator, reason }) => (reason === undefined ? [indicator] : []))
      .map((indicator) => (urlDetail === "full" ? indicator : withoutPrivateDetail(indicator))),
    leftOut: judged.flatMap(({ indicator, reason }) =>
      reason === undefined ? [] : [leftOutOf(indicator, reason)],
    ),
  };
}

function leftOutOf({ kind, value }: Indicator, reason: string): LeftOut {
  return {
    entityKind: entityKinds[kind],
    value: kind === "url" ? presentableUrl(value) : value,
    reason,
  };
}

function withoutPrivateDetail(indicator: Indicator): Indicator {
  if (indicator.kind !== "url") return indicator;
  const { fragment = "", ...page } = indicator;
  if (privateDetailIn(page.value) !== undefined)
    return {
      ...page,
      value: presentableUrl(page.value),
      byFingerprint: true,
      fingerprint: urlFingerprint(page.value),
    };
  return isPrivateFragment(fragment) ? { ...page, fragmentWithheld: true } : indicator;
}

/** The list of allowed indicators that analysts keep where the incidents are. */
export interface Watchlist {
  readonly alias: string;
  /** The list of the workspace with this scope, at most some minutes old. Never throws, and takes at most 10 s. */
  read(scope: string): Promise<WatchlistReading>;
}

export interface WatchlistReading {
  readonly alias: string;
  readonly allowed: readonly Allowed[];
  /** A phrase for each skipped row: what is wrong with it. */
  readonly wrong: readonly string[];
  /** Why it could not be read just now; `allowed` is then the last good reading. */
  readonly failure?: string;
  /** Why it is completely unknown. */
  readonly unread?: string;
  /** This reading has not been returned before. */
  readonly isNew: boolean;
}

/** The list that could not be read, and why. */
export interface UnreadWatchlist {
  readonly alias: string;
  readonly reason: string;
}

/** The screening with the analysts' watchlist added. */
export function withWatchlist(screening: Screening, reading: WatchlistReading | undefined): Screening {
  return reading ? { ...screening, watchlist: reading } : screening;
}

const mostNamed = 5;

/** The first wrong rows of a list, with the others counted; `undefined` if all are right. */
export function wrongRowsText({ wrong }: WatchlistReading): string | undefined {
  if (wrong.length === 0) return undefined;
  const more = wrong.length - mostNamed;
  return wrong.slice(0, mostNamed).join("; ") + (more > 0 ? `; and ${more} more` : "");
}
