import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import type { Clock } from "../clock";
import { listen } from "../listen";
import { refusalOfUntrusted } from "../same-machine";

export interface SimulatorRequest {
  readonly method: string;
  /** Decoded path without query. */
  readonly path: string;
  /** As it came, still percent-encoded. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** Unpacked where it came compressed. */
  readonly body: string;
  /** Bytes of the body as they came. */
  readonly size: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is when there is no `json`. */
  readonly text?: string;
}

/**
 * What a scripted call gets instead of the ordinary answer. `dropBefore` closes the connection without any effect,
 * `dropAfter` after the effect took place, `cutOff` in the middle of the ordinary body; `oversized` pads the ordinary
 * body with more than 8 MiB of white space; `hang` answers nothing until the caller gives up; `delayMs` is real time.
 */
export type Fault =
  | Reply
  | "dropBefore"
  | "dropAfter"
  | "cutOff"
  | "oversized"
  | "hang"
  | { readonly delayMs: number };

export interface Script {
  /** Method and decoded path that the fault is for. */
  readonly match: (request: SimulatorRequest) => boolean;
  readonly fault: Fault;
  /** How many calls get it; default 1. */
  readonly times?: number;
}

export interface Simulator {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly requests: readonly SimulatorRequest[];
  script(...scripts: Script[]): void;
  close(): Promise<void>;
}

export type Handler = (request: SimulatorRequest) => Reply | Promise<Reply>;

interface SimulatorOptions {
  readonly clock: Clock;
  readonly handler: Handler;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Real milliseconds before every answer. */
  readonly latencyMs?: number;
}

/**
 * A small HTTP server on loopback that records every request and fails on demand. Rejects when the port is
 * taken.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const requests: SimulatorRequest[] = [];
  const scripts: { match: Script["match"]; fault: Fault; left: number }[] = [];

  const takeFault = (request: SimulatorRequest): Fault | undefined => {
    const script = scripts.find((candidate) => candidate.left > 0 && candidate.match(request));
    if (script) script.left--;
    return script?.fault;
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(incoming, options.clock.now());
    requests.push(request);
    const fault = takeFault(request);
    if (options.latencyMs) await realDelay(options.latencyMs);
    if (fault === "dropBefore") return void incoming.socket.destroy();
    if (fault === "hang") return void (await new Promise((gone) => incoming.socket.once("close", gone)));
    if (typeof fault === "object" && "status" in fault) return send(response, fault);
    if (typeof fault === "object") await realDelay(fault.delayMs);
    const reply = await options.handler(request);
    if (fault === "dropAfter") return void incoming.socket.destroy();
    if (fault === "cutOff") return sendHalf(response, reply);
    if (fault === "oversized")
      return send(response, { ...reply, json: undefined, text: padded(bodyOf(reply)) });
    send(response, reply);
  };

  const server = createServer((incoming, response) => {
    const refusal = refusalOfUntrusted(incoming);
    if (refusal !== undefined) return send(response, { status: 403, text: refusal });
    const release = options.clock.hold();
    response.once("close", release);
    serve(incoming, response).catch((error: unknown) => {
      console.error("Simulator failed:", error);
      if (!response.headersSent) send(response, { status: 500, text: String(error) });
    });
  });
  const authority = await listen(server, options.port ?? 0);
  return {
    origin: `http://${authority}`,
    requests,
    script: (...added) => scripts.push(...added.map((s) => ({ ...s, left: s.times ?? 1 }))),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(incoming: IncomingMessage, at: number): Promise<SimulatorRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const [rawPath = "/", rawQuery = ""] = (incoming.url ?? "/").split("?", 2);
  return {
    method: incoming.method ?? "GET",
    path: decoded(rawPath),
    rawPath,
    query: new URLSearchParams(rawQuery),
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: unpacked(bytes, incoming.headers["content-encoding"]).toString("utf8"),
    size: bytes.length,
    at,
  };
}

function unpacked(bytes: Buffer, encoding: string | undefined): Buffer {
  try {
    return encoding === "gzip" ? gunzipSync(bytes) : bytes;
  } catch {
    return bytes;
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function send(response: ServerResponse, reply: Reply): void {
  const body = bodyOf(reply);
  response.writeHead(reply.status, {
    ...(reply.json !== undefined ? { "content-type": "application/json; charset=utf-8" } : {}),
    "content-length": Buffer.byteLength(body),
    ...reply.headers,
  });
  response.end(body);
}

function sendHalf(response: ServerResponse, reply: Reply): void {
  const body = bodyOf(reply);
  response.writeHead(reply.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.write(body.slice(0, body.length / 2), () => response.destroy());
}

function bodyOf({ json, text }: Reply): string {
  return JSON.stringify(json) ?? text ?? "";
}

function padded(body: string): string {
  return body + " ".repeat(8 * 1024 * 1024);
}

const realDelay = (ms: number) => new Promise((done) => setTimeout(done, ms));
