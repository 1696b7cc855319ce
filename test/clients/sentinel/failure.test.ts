import { beforeEach, describe, expect, it } from "vitest";
import type { IncidentRef } from "../../../domain/incident/incident";
import type { IncidentStore } from "../../../domain/incident/incident-store";
import type { SentinelSimulator } from "../../../local/simulators/sentinel";
import type { Fault } from "../../../local/simulators/simulator";
import { again, anyCall, errorReply, on, refOf, refused, startSentinel, storeAt } from "./support";

const id = "b42ee4b2-a4f1-5620-8408-70ff1d66e808";
const comment = { id, message: "<p>Threat found</p>" };

let sentinel: SentinelSimulator;
let store: IncidentStore;

beforeEach(async () => {
  ({ sentinel, store } = await startSentinel());
});

/** Only who never answers is waited for as long as the limit says, so only then it is short. */
const limitFor = (fault: Fault) => (fault === "hang" ? 250 : 5_000);

describe("an answer that is no success", () => {
  const role = expect.stringContaining("Microsoft Sentinel Responder");
  const workspaces = expect.stringContaining("SENTINEL_WORKSPACES");
  const cases: readonly [string, Fault, object][] = [
    ["401", errorReply("error-401-token.json"), refused(expect.stringContaining("Entra tenant"))],
    ["403", errorReply("error-403-authorization.json"), refused(role)],
    [
      "404 of the incident",
      errorReply("error-404-incident.json"),
      refused(expect.stringContaining("Incident")),
    ],
    ["404 of the workspace", errorReply("error-404-workspace.json"), refused(workspaces)],
    [
      "405",
      errorReply("error-405-unsupported-method.json"),
      refused("Microsoft Sentinel refused the request (HTTP 405 UnsupportedApiVersion)."),
    ],
    ["400 without a body", { status: 400 }, refused("Microsoft Sentinel refused the request (HTTP 400).")],
    [
      "429 with a wait",
      errorReply("error-429-arm.json"),
      { kind: "again", reason: "Microsoft Sentinel is throttling this app (HTTP 429).", afterSeconds: 17 },
    ],
    [
      "429 without a wait",
      errorReply("error-429-no-retry-after.json"),
      { kind: "again", reason: "Microsoft Sentinel is throttling this app (HTTP 429)." },
    ],
    ["408", { status: 408 }, again("Microsoft Sentinel answered HTTP 408.")],
    ["500", errorReply("error-500.json"), again("Microsoft Sentinel answered HTTP 500.")],
    [
      "503 with a wait",
      errorReply("error-503.json"),
      { kind: "again", reason: "Microsoft Sentinel answered HTTP 503.", afterSeconds: 5 },
    ],
    [
      "502 with a page",
      { status: 502, text: "<html>Bad gateway</html>", headers: { "content-type": "text/html" } },
      again("Microsoft Sentinel answered HTTP 502."),
    ],
    [
      "200 with a page instead of JSON",
      { status: 200, text: "<html>Sign in</html>", headers: { "content-type": "application/json" } },
      again("Microsoft Sentinel answered with something other than what was requested."),
    ],
    [
      "200 without what was asked for",
      { status: 200, json: { entities: "none", value: "none", properties: null } },
      again("Microsoft Sentinel answered with something other than what was requested."),
    ],
    ["a lost connection", "dropBefore", again("Microsoft Sentinel: connection lost.")],
    ["an answer that was cut off", "cutOff", again("Microsoft Sentinel: answer cut off.")],
    ["no answer", "hang", again("Microsoft Sentinel: no answer in time.")],
  ];
  const operations: readonly [string, (ref: IncidentRef) => Promise<unknown>][] = [
    ["readIncident", (ref) => store.readIncident(ref)],
    ["readEntities", (ref) => store.readEntities(ref)],
    ["readComments", (ref) => store.readComments(ref)],
    ["changeTags", (ref) => store.changeTags(ref, () => ["enriched"])],
  ];

  it.each(cases)(
    "%s says what happened and what to do, for every reading operation",
    async (_, fault, expected) => {
      store = storeAt(sentinel.origin, limitFor(fault));
      const ref = refOf(sentinel.addIncident({ comments: ["one"] }));
      for (const [name, operation] of operations) {
        const asked = sentinel.requests.length;
        sentinel.script({ match: anyCall, fault });
        expect([name, await operation(ref)]).toEqual([name, expected]);
        expect(sentinel.requests).toHaveLength(asked + 1);
      }
    },
  );

  // A comment that is not found is about to be written, and a conflict is another writer.
  const writing = cases.filter(([name]) => !name.startsWith("200") && !name.startsWith("400"));
  it.each(writing)("%s to a comment's PUT says the same and is not repeated", async (_, fault, expected) => {
    store = storeAt(sentinel.origin, limitFor(fault));
    const ref = refOf(sentinel.addIncident({}));
    sentinel.script(on("PUT", "/comments/", fault));
    expect(await store.writeComment(ref, comment)).toEqual(expected);
    expect(sentinel.requests.map(({ method }) => method)).toEqual(["GET", "PUT"]);
  });

  it("of another workspace names the setting", async () => {
    const other = sentinel.addIncident({}).replace("law-soc", "law-other");
    expect(await store.readIncident(refOf(other))).toEqual(refused(workspaces));
  });

  it("never carries an id or a message of the service", async () => {
    const ref = refOf(sentinel.addIncident({}));
    sentinel.script({ match: anyCall, fault: errorReply("error-403-authorization.json") });
    expect(JSON.stringify(await store.readIncident(ref))).not.toMatch(/e1eca8f1|subscriptions/);
  });

  it("is a refused connection when no server listens", async () => {
    await sentinel.close();
    expect(await store.readIncident(refOf(sentinel.addIncident({})))).toEqual(
      again("Microsoft Sentinel: connection refused."),
    );
  });

  it("comes in time for one operation, however many requests it makes", async () => {
    store = storeAt(sentinel.origin, 300);
    const ref = refOf(sentinel.addIncident({}));
    sentinel.script({ match: anyCall, fault: { delayMs: 200 }, times: 9 });
    expect(await store.writeComment(ref, comment)).toEqual(again("Microsoft Sentinel: no answer in time."));
  });
});
