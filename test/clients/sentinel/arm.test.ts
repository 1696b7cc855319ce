import { beforeEach, describe, expect, it, vi } from "vitest";
import { createSentinelStore } from "../../../clients/sentinel/store";
import type { IncidentStore } from "../../../domain/incident/incident-store";
import type { SentinelSimulator } from "../../../local/simulators/sentinel";
import { again, fixture, on, refOf, startSentinel, storeAt } from "./support";

const id = "b42ee4b2-a4f1-5620-8408-70ff1d66e808";

let sentinel: SentinelSimulator;
let store: IncidentStore;

beforeEach(async () => {
  ({ sentinel, store } = await startSentinel());
});

describe("the endpoint and its token", () => {
  const ref = refOf(
    `/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc/providers/Microsoft.SecurityInsights/Incidents/${id}`,
  );

  it.each([
    ["https://management.azure.com", "https://management.azure.com/.default"],
    ["https://management.usgovcloudapi.net/", "https://management.usgovcloudapi.net/.default"],
    ["https://management.chinacloudapi.cn", "https://management.chinacloudapi.cn/.default"],
  ])("at %s is asked with a token for it, and says so when there is none", async (endpoint, scope) => {
    const asked: unknown[] = [];
    const getToken = async (scopes: string | string[]) => {
      asked.push(...[scopes].flat());
      throw new Error("secret-of-the-identity");
    };
    const read = await createSentinelStore({
      endpoint,
      credential: { getToken },
      timeoutMs: 1000,
    }).readIncident(ref);
    expect(asked).toEqual([scope]);
    expect(read).toEqual(
      again(
        "Microsoft Sentinel: no Azure token: the app's managed identity (on a laptop, `az login`) did not provide one.",
      ),
    );
  });

  it("is not waited for when the identity takes no notice of the time", async () => {
    const credential = { getToken: () => new Promise<null>(() => {}) };
    const endpoint = "https://management.azure.com";
    const slow = createSentinelStore({ endpoint, credential, timeoutMs: 50 });
    expect(await slow.readIncident(ref)).toEqual(again("Microsoft Sentinel: no answer in time."));
  });

  it.each(["http://management.azure.com", "http://127.0.0.1.example.com", "http://10.0.0.1"])(
    "%s is not accepted without TLS",
    (endpoint) => {
      expect(() => storeAt(endpoint)).toThrow("has to be https");
    },
  );

  it("on this machine is not asked through a proxy", async () => {
    vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:1");
    const read = await storeAt(sentinel.origin).readIncident(refOf(sentinel.addIncident({})));
    vi.unstubAllEnvs();
    expect(read).toMatchObject({ kind: "done" });
  });

  it("does not follow a next page to another host", async () => {
    const { sentinel: other } = await startSentinel();
    const page = fixture("comments-list-page1.json");
    const nextLink = page.nextLink.replace("https://management.azure.com", other.origin);
    sentinel.script(on("GET", "/comments", { status: 200, json: { ...page, nextLink } }));
    const read = await store.readComments(refOf(sentinel.addIncident({})));
    expect(read).toEqual({
      kind: "again",
      reason: "Microsoft Sentinel: an answer pointed to another host, which was not followed.",
    });
    expect(other.requests).toEqual([]);
  });

  it("does not follow a redirect to another host", async () => {
    const { sentinel: other } = await startSentinel();
    const location = `${other.origin}/comments?api-version=1`;
    sentinel.script(on("GET", "/comments", { status: 307, headers: { location } }));
    expect(await store.readComments(refOf(sentinel.addIncident({})))).toMatchObject({ kind: "refused" });
    expect(other.requests).toEqual([]);
  });
});
