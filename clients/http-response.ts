import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { brotliDecompress, inflateRaw, unzip, type ZlibOptions } from "node:zlib";

type Decompress = (body: Buffer, options: ZlibOptions) => Promise<Buffer>;

const unzipped: Decompress = promisify(unzip);
/** RFC 9110 says zlib; some servers send the bare stream. */
const inflated: Decompress = (body, options) =>
  unzipped(body, options).catch((error) => {
    if (isTooLarge(error)) throw error;
    return promisify(inflateRaw)(body, options);
  });
const decompressors: ReadonlyMap<string, Decompress> = new Map([
  ["gzip", unzipped],
  ["x-gzip", unzipped],
  ["deflate", inflated],
  ["br", promisify(brotliDecompress)],
]);

/** The value of `Accept-Encoding`. */
export const acceptedEncodings = "gzip, deflate, br";

/** Thrown before a body takes more memory than an answer may have. */
class AnswerTooLarge extends Error {
  readonly code = "ANSWER_TOO_LARGE";
}

/** Thrown for a body that ends too early: the connection was lost after the request had arrived. */
class AnswerCutOff extends Error {
  readonly code = "ANSWER_CUT_OFF";
}

/** All bytes of the stream. Ends the connection and throws `AnswerTooLarge` if there are more than `maxBytes`. */
export async function bytesOf(stream: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      length += chunk.length;
      if (length > maxBytes) throw new AnswerTooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    throw hasCode(error, "ECONNRESET") ? new AnswerCutOff() : error;
  }
  return Buffer.concat(chunks);
}

/** For throttling and outages the status is sufficient, even if the body is unusable. */
export function needsNoBody(status: number): boolean {
  return status === 429 || status >= 500;
}

/** Each coding can multiply the work. */
const mostCodings = 3;

/**
 * The body without the codings that `Content-Encoding` lists, outermost last. A body that does not match its label is
 * returned unchanged: some services label plain errors as gzip (VirusTotal/vt-go issue 35). Decompression stops at
 * `maxBytes`, with `AnswerTooLarge`.
 */
export async function decodedBody(
  body: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const codings = (contentEncoding ?? "").slice(0, 100).toLowerCase().split(",");
  let decoded = body;
  for (const coding of codings.slice(0, mostCodings).toReversed()) {
    const decompress = decompressors.get(coding.trim());
    if (!decompress || decoded.length === 0) continue;
    try {
      decoded = await decompress(decoded, { maxOutputLength: maxBytes });
    } catch (error) {
      if (isTooLarge(error)) throw new AnswerTooLarge();
      return decoded;
    }
  }
  return decoded;
}

function isTooLarge(error: unknown): boolean {
  return hasCode(error, "ERR_BUFFER_TOO_LARGE");
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

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
