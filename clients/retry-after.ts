type Headers = Readonly<Record<string, string>>;

/**
 * Headers in which services say how long to wait, most exact first, with the length of their unit in seconds. Azure's are in
 * milliseconds: https://learn.microsoft.com/javascript/api/overview/azure/core-rest-pipeline-readme
 */
const waitHeaders = [
  { name: "retry-after-ms", unitSeconds: 0.001 },
  { name: "x-ms-retry-after-ms", unitSeconds: 0.001 },
  { name: "retry-after", unitSeconds: 1 },
] as const;

const longestHeader = 64;
const decimal = /^\d{1,15}(\.\d{1,15})?$/;
/** The three forms of RFC 9110, section 5.6.7; `Date.parse` alone makes a date of "-1" and of "soon 5". */
const httpDate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? (\d{1,2}[ -])?[A-Z][a-z]{2}[ -][\d ]?\d/;

/**
 * The seconds to wait that an answer specifies: whole or fractional seconds, or an HTTP date, in `Retry-After`;
 * milliseconds in Azure's own headers. `undefined` if there are none or they make no sense.
 */
export function retryAfterSeconds(headers: Headers, now: number): number | undefined {
  for (const { name, unitSeconds } of waitHeaders) {
    const seconds = secondsFrom(headers[name]?.slice(0, longestHeader).trim() ?? "", unitSeconds, now);
    if (seconds !== undefined) return seconds;
  }
  return undefined;
}

function secondsFrom(value: string, unitSeconds: number, now: number): number | undefined {
  if (decimal.test(value)) return Number(value) * unitSeconds;
  if (!httpDate.test(value)) return undefined;
  // One of the three forms has no zone. All are UTC.
  const at = Date.parse(value.endsWith("GMT") ? value : `${value} GMT`);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now) / 1000);
}

/**
 * Seconds to pause after a 429: what the answer asks for, but at least one second, so that no caller retries in a loop,
 * and at most an hour, after which a retry makes sense; `otherwise` if it asks for nothing.
 */
export function pauseSeconds(headers: Headers, now: number, otherwise: number): number {
  return Math.min(Math.max(retryAfterSeconds(headers, now) ?? otherwise, 1), 3600);
}
