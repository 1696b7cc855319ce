/**
 * Seconds to wait that an answer names in `Retry-After`: whole or fractional seconds, or an HTTP date.
 * `undefined` when there is none or it makes no sense.
 */
export function retryAfterSeconds(
  headers: Readonly<Record<string, string>>,
  now: number,
): number | undefined {
  const value = headers["retry-after"]?.trim();
  if (!value) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

/**
 * Seconds to pause after a 429: what the answer asks for, but at least one second, so that nobody asks in a loop, and
 * at most an hour, after which it is worth asking again; `otherwise` when it asks for nothing.
 */
export function pauseSeconds(
  headers: Readonly<Record<string, string>>,
  now: number,
  otherwise: number,
): number {
  return Math.min(Math.max(retryAfterSeconds(headers, now) ?? otherwise, 1), 3600);
}
