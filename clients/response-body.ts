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
