import { HttpRequest, InvocationContext } from "@azure/functions";

export const incidentId = "0f8fad5b-d9cb-469f-a165-70867728950e";
export const workspaceId =
  "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/soc/providers/Microsoft.OperationalInsights/workspaces/siem-prod";
export const incidentArmId = `${workspaceId}/providers/Microsoft.SecurityInsights/Incidents/${incidentId}`;

/** A request as the Functions host hands it to a handler. */
export function post(body: unknown, headers: Record<string, string> = {}): HttpRequest {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new HttpRequest({
    method: "POST",
    url: "http://localhost/api/any",
    headers: {
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(text)),
      ...headers,
    },
    body: { string: text },
  });
}

/** A context whose log lines can be read afterwards. */
export function quietContext(): { context: InvocationContext; lines: string[] } {
  const lines: string[] = [];
  const context = new InvocationContext({
    logHandler: (_level, ...args) =>
      void lines.push(args.map((a) => (typeof a === "string" ? a : JSON.stringify(a))).join(" ")),
  });
  return { context, lines };
}
