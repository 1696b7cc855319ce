import { readFileSync } from "node:fs";
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { TypedData } from "../../../local/function-app";

export const fixtures = join(__dirname, "../../fixtures/host");
export const recordedApp = join(fixtures, "app/index.js");

/** A request and its answer, as recorded on a real host; `(n bytes)` stands for a body that is not kept. */
export interface Exchange {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: OutgoingHttpHeaders;
    readonly transfer?: "chunked";
    readonly body?: string | readonly string[];
  };
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string | { readonly base64: string };
  };
}

/** What the real worker handed to the library for one invocation, and what the library gave back. */
interface RecordedInvocation {
  readonly function: string;
  readonly inputs: readonly TypedData[];
  readonly returnValue?: TypedData | null;
  readonly error?: { readonly message: string };
}

export const exchanges = read<Exchange>("http-trigger.json");
export const invocations = read<RecordedInvocation>("worker-invocations.json");

function read<T>(file: string): readonly T[] {
  const isBytes = (value: unknown): value is { base64: string } =>
    typeof value === "object" && value !== null && "base64" in value;
  return JSON.parse(readFileSync(join(fixtures, file), "utf8"), (key, value) =>
    key === "bytes" && isBytes(value) ? Buffer.from(value.base64, "base64") : value,
  );
}

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly chunks: readonly Buffer[];
}

interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** Sends exactly this, which `fetch` would not: bodies of GET requests, repeated headers, a host of its own. */
export function send(origin: string, { method, path, headers, chunks }: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const outgoing = request({ hostname, port, method, path, headers, agent: false }, async (incoming) => {
      const { statusCode = 0, headers: answered, rawHeaders } = incoming;
      resolve({ status: statusCode, headers: answered, rawHeaders, body: await buffer(incoming) });
      outgoing.destroy();
    });
    if (!("connection" in headers)) outgoing.removeHeader("connection");
    outgoing.on("error", reject);
    for (const chunk of chunks) outgoing.write(chunk);
    outgoing.end();
  });
}
