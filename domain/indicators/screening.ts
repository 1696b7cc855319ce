import { type Allowed, isAllowed } from "./allowed";
import type { Indicator, IndicatorKind, LeftOut } from "./indicator";
import { presentableUrl, privateDetailIn, type UrlDetail } from "./url-privacy";

/** What is nobody's business outside: the settings ALLOWED_INDICATORS and URL_DETAIL. */
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

/** The indicator as left out when it must not be sent to anybody, else `undefined`. */
export function withheld(indicator: Indicator, screening: Screening): LeftOut | undefined {
  const reason = reasonToWithhold(indicator, screening);
  if (reason === undefined) return undefined;
  const { kind, value } = indicator;
  return { entityKind: entityKinds[kind], value: kind === "url" ? presentableUrl(value) : value, reason };
}

function reasonToWithhold(indicator: Indicator, { allowed, urlDetail }: Screening): string | undefined {
  if (isAllowed(indicator, allowed)) return "allowed by ALLOWED_INDICATORS";
  if (indicator.kind !== "url" || urlDetail === "full") return undefined;
  const detail = privateDetailIn(indicator.value);
  return detail && `URL with ${detail}, not sent while URL_DETAIL is safe`;
}
