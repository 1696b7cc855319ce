import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Reply } from "../../local/durable/management-http";
import type { TaskHub } from "../../local/durable/task-hub";

interface ManageOptions {
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export function manage(
  hub: TaskHub,
  method: string,
  path: string,
  options: ManageOptions = {},
): Promise<Reply> {
  const { query = new URLSearchParams(), headers = {}, body = "" } = options;
  return hub.manage({ method, path, query, headers, body });
}

/** A hub behind a small HTTP server, for the SDK's client. */
export async function serveHub(
  open: (authority: () => string) => Promise<TaskHub>,
): Promise<{ readonly hub: TaskHub; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? "/", "http://localhost");
    const reply = await hub.manage({
      method: request.method ?? "GET",
      path: url.pathname.replace(/^(\/runtime\/webhooks)?\/durabletask\//, ""),
      query: url.searchParams,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ),
      body: Buffer.concat(chunks).toString("utf8"),
    });
    response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const hub = await open(() => `127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    hub,
    async close() {
      await hub.stop();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
