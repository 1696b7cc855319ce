import { urlFrom } from "./url";
import { presentableUrl } from "./url-privacy";

/**
 * Hosts of Safe Links of Microsoft Defender for Office 365: the worldwide and GCC clouds, GCC High and DoD, and China's.
 * No one else can have a host below them.
 */
const hosts = /(?:^|\.)safelinks\.protection\.(?:outlook\.com|office365\.us|partner\.outlook\.cn)$/i;

/** How often a link may be wrapped: forwarding an email can wrap it again. */
const deepest = 5;

export interface Unwrapped {
  readonly text: string;
  /** The Safe Link, for people to recognise it by: without the parameters that name the recipient, or other private detail. */
  readonly safeLink?: string;
}

/** The URL within a Safe Link, unchanged; any other text as it is. */
export function unwrapSafeLink(text: string): Unwrapped {
  const outer = safeLinkFrom(text);
  if (!outer) return { text };
  let { target } = outer;
  for (let depth = 1; depth < deepest; depth++) target = safeLinkFrom(target)?.target ?? target;
  const shown = encodeURIComponent(presentableUrl(target));
  return { text: target, safeLink: `${outer.page}?url=${shown}`.slice(0, maxLength) };
}

const maxLength = 200;

function safeLinkFrom(text: string): { readonly page: string; readonly target: string } | undefined {
  if (!/safelinks/i.test(text)) return undefined;
  const reading = urlFrom(text);
  if (reading.kind === "leftOut") return undefined;
  const { origin, pathname, hostname, searchParams } = new URL(reading.value);
  const target = searchParams.get("url")?.trim();
  return hosts.test(hostname) && target ? { page: origin + pathname, target } : undefined;
}
