import type { HttpResponseInit } from "@azure/functions";

/** An error that says what the caller should do; never a stack trace, never a copy of what was sent. */
export function refusal(status: number, code: string, message: string): HttpResponseInit {
  return { status, jsonBody: { error: { code, message } } };
}

/** The result of a trigger's first step: the body as JSON text, within the allowed size. */
type JsonBody =
  | { readonly kind: "json"; readonly text: string; readonly value: unknown }
  | { readonly kind: "refused"; readonly response: HttpResponseInit };

interface BodySource {
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

export async function readJson(request: BodySource, maxBytes: number): Promise<JsonBody> {
  const tooLarge = refusal(
    413,
    "TooLarge",
    `The body is larger than ${maxBytes / 1024 / 1024} MiB. Send the object without additions.`,
  );
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes)
    return { kind: "refused", response: tooLarge };
  const text = await request.text();
  if (Buffer.byteLength(text) > maxBytes) return { kind: "refused", response: tooLarge };
  try {
    return { kind: "json", text, value: JSON.parse(text) };
  } catch {
    return {
      kind: "refused",
      response: refusal(
        400,
        "NotJson",
        "The body is not JSON. Send the object as it is, with Content-Type application/json.",
      ),
    };
  }
}

export const hubUnreachable = refusal(
  503,
  "TaskHubUnreachable",
  "The task hub cannot be reached, so nothing was started. Try again; if this persists, check AzureWebJobsStorage.",
);

export const workspaceNotServed = refusal(
  403,
  "WorkspaceNotServed",
  "The incident's workspace is not in SENTINEL_WORKSPACES.",
);
