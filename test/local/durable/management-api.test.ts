import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openTaskHub, type TaskHub } from "../../../local/durable/task-hub";
import type { FunctionApp } from "../../../local/function-app";
import { comparable, goldenApp, readGolden } from "../../support/golden";
import { manage, serveHub } from "../../support/hub-server";
import { manualClock } from "../../support/manual-clock";

interface HttpExchange {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  readonly response: { readonly status: number; readonly headers?: unknown; readonly body?: unknown };
}

interface ClientCall {
  readonly name: string;
  readonly client: { readonly method: string; readonly args: readonly unknown[] };
  readonly answer?: unknown;
}

const exchanges = readGolden("management-api.json") as readonly (HttpExchange | ClientCall)[];

/** Without stack traces, the words of .NET's JSON reader and the names of all functions. */
function facts(text: string): unknown {
  if (text === "") return text;
  return JSON.parse(text, function (this: { readonly ExceptionType?: string }, name, value) {
    if (name === "StackTrace") return undefined;
    if (name === "ExceptionMessage" && this.ExceptionType?.startsWith("Newtonsoft")) return undefined;
    if (typeof value !== "string") return value;
    return value
      .replace(/functions: '.*'\./, "functions: (names).")
      .replace(/ Details: \{"Message":"Invalid JSON.*/, "");
  });
}

/** One after the other on one hub, as recorded: each sees what the ones before it left. */
describe("the management API answers as recorded", () => {
  const clock = manualClock(Date.parse("2026-11-22T15:00:00Z"));
  const app = goldenApp();
  let server: { readonly hub: TaskHub; close(): Promise<void> };
  let origin = "";
  beforeAll(async () => {
    // Without it the SDK writes links of its own.
    vi.stubEnv("WEBSITE_HOSTNAME", "localhost:7071");
    server = await serveHub((authority) => {
      origin = authority();
      return openTaskHub({ app, clock, name: "TestHubName", key: "local-system-key", authority });
    });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });

  const settled = async <Value>(run: Promise<Value>): Promise<Value> => {
    let open = true;
    void run.finally(() => {
      open = false;
    });
    while (open) {
      await clock.idle();
      clock.skip();
    }
    await clock.idle();
    return run;
  };
  const asRecorded = (value: unknown) =>
    comparable(JSON.parse(JSON.stringify(value).replaceAll(origin, "localhost:7071")));

  test.each(exchanges)("$name", async (exchange) => {
    if ("request" in exchange) {
      const { method, path, query = "", headers = {}, body = "" } = exchange.request;
      const reply = await settled(
        manage(server.hub, method, path, { query: new URLSearchParams(query), headers, body }),
      );
      const expected = exchange.response;
      expect(reply.status).toBe(expected.status);
      if (expected.headers) expect(asRecorded(reply.headers)).toEqual(comparable(expected.headers));
      if ("body" in expected) expect(asRecorded(facts(reply.body))).toEqual(comparable(expected.body));
    } else {
      const answer = await settled(callClient(app, server.hub, exchange.client));
      if (exchange.answer) expect(asRecorded(facts(answer))).toEqual(comparable(exchange.answer));
    }
  });
});

/** Calls the SDK's client in an activity that has it as an extra input. */
async function callClient(app: FunctionApp, hub: TaskHub, call: ClientCall["client"]): Promise<string> {
  const fn = app.find("activityTrigger", "callClient");
  const [client] = fn?.extraInputs ?? [];
  if (!fn || !client) throw new Error("The recorded app has no activity that calls the client.");
  const { returnValue } = await app.invoke(fn, {
    inputs: [
      { name: fn.trigger.name, data: { json: JSON.stringify(call) } },
      { name: client.name, data: { string: hub.clientBinding() } },
    ],
    triggerMetadata: {},
  });
  return String(returnValue?.json);
}
