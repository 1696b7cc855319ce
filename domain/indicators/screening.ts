import { type Allowed, allowList } from "./allowed";
import type { Indicator, IndicatorKind, LeftOut } from "./indicator";
import { urlFingerprint } from "./url-fingerprint";
import { isPrivateFragment, presentableUrl, privateDetailIn, type UrlDetail } from "./url-privacy";

/** What must not be sent outside: the settings ALLOWED_INDICATORS and URL_DETAIL. */
export interface Screening {
  readonly allowed: readonly Allowed[];
  readonly urlDetail: UrlDetail;
}

/** What applies unless something is set. */
export const defaultScreening: Screening = { allowed: [], urlDetail: "safe" };

const entityKinds: Readonly<Record<IndicatorKind, string>> = {
  file: "File",
  url: "Url",
  domain: "DnsResolution",
  address: "Ip",
};

/** Why an indicator of ALLOWED_INDICATORS is left out, for analysts. */
export const allowedReason = "on the list of allowed indicators";

/** Divides the indicators into those that are left out, and the others as far as they may be sent. */
export function screened(
  indicators: readonly Indicator[],
  { allowed, urlDetail }: Screening,
): { readonly indicators: readonly Indicator[]; readonly leftOut: readonly LeftOut[] } {
  const isAllowed = allowList(allowed);
  return {
    indicators: indicators
      .filter((indicator) => !isAllowed(indicator))
      .map((indicator) => (urlDetail === "full" ? indicator : withoutPrivateDetail(indicator))),
    leftOut: indicators.filter(isAllowed).map(({ kind, value }) => ({
      entityKind: entityKinds[kind],
      value: kind === "url" ? presentableUrl(value) : value,
      reason: allowedReason,
    })),
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
