import { randomUUID } from "node:crypto";
import type { Reply, SimulatorRequest } from "./simulator";

/** The requests of a transaction (an OData batch with one change set), as if each had come by itself. */
export function requestsOf(batch: SimulatorRequest): readonly SimulatorRequest[] {
  const [, boundary = ""] = /boundary=(changeset_[\w-]+)/.exec(batch.body) ?? [];
  return batch.body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => requestFrom(batch, part));
}

function requestFrom(batch: SimulatorRequest, part: string): SimulatorRequest {
  const [, head = "", body = ""] =
    /((?:POST|PUT|MERGE|PATCH|DELETE) [\s\S]*?)\r?\n\r?\n\s*([\s\S]*)/.exec(part) ?? [];
  const [start = "", ...lines] = head.split(/\r?\n/);
  const [method = "", url = ""] = start.split(" ");
  const { pathname: rawPath, searchParams: query } = new URL(url);
  const headers = Object.fromEntries(
    lines.map((line) => {
      const [name = "", ...value] = line.split(":");
      return [name.trim().toLowerCase(), value.join(":").trim()];
    }),
  );
  const { authorization = "" } = batch.headers;
  return {
    ...batch,
    method,
    path: decodeURIComponent(rawPath),
    rawPath,
    query,
    headers: { ...headers, authorization },
    body,
  };
}

/** One answer for all: those of the requests, or that of the one which failed. */
export function batchReply(replies: readonly Reply[]): Reply {
  const [batch, changes] = [`batchresponse_${randomUUID()}`, `changesetresponse_${randomUUID()}`];
  const failed = replies.find(({ status }) => status >= 300);
  const parts = (failed ? [failed] : replies).map(({ status, headers = {}, json }) => {
    const lines = Object.entries(headers).map(
      ([name, value]) => `${name === "etag" ? "ETag" : name}: ${value}`,
    );
    const head = ["Content-Type: application/http", "Content-Transfer-Encoding: binary", ""];
    return [`--${changes}`, ...head, `HTTP/1.1 ${status} -`, ...lines, "", JSON.stringify(json) ?? "", ""];
  });
  const lines = [
    `--${batch}`,
    `Content-Type: multipart/mixed; boundary=${changes}`,
    "",
    ...parts.flat(),
    `--${changes}--`,
    `--${batch}--`,
    "",
  ];
  return {
    status: 202,
    headers: { "content-type": `multipart/mixed; boundary=${batch}` },
    text: lines.join("\r\n"),
  };
}
