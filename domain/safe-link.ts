import { urlFrom } from "./url";

/**
 * Hosts of Safe Links of Microsoft Defender for Office 365: the worldwide and GCC clouds, GCC High and DoD, and China's.
 * Nobody else can have a host below them.
 */
const hosts = /(?:^|\.)safelinks\.protection\.(?:outlook\.com|office365\.us|partner\.outlook\.cn)$/i;

/** A link that was wrapped again when the mail was forwarded. */
const deepest = 5;

export interface Unwrapped {
  readonly text: string;
  /** The Safe Link, for people to recognise it by: without the parameters that name the recipient. */
  readonly safeLink?: string;
}

/** The URL within a Safe Link, as it stands in it; any other text as it is. */
export function unwrapSafeLink(text: string): Unwrapped {
  const outer = safeLinkFrom(text);
  if (!outer) return { text };
  let inner = outer.target;
  for (let depth = 1; depth < deepest; depth++) inner = safeLinkFrom(inner)?.target ?? inner;
  return { text: inner, safeLink: outer.address };
}

const maxLength = 200;

function safeLinkFrom(text: string): { readonly address: string; readonly target: string } | undefined {
  const reading = urlFrom(text);
  if (reading.kind === "leftOut") return undefined;
  const { origin, pathname, hostname, searchParams } = new URL(reading.value);
  const target = searchParams.get("url")?.trim();
  if (!hosts.test(hostname) || !target) return undefined;
  return {
    address: `${origin}${pathname}?url=${encodeURIComponent(target)}`.slice(0, maxLength),
    target,
  };
}
