import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realClock } from "../../../local/clock";
import {
  startVirusTotalSimulator,
  type VirusTotalSimulator,
  type VirusTotalSimulatorOptions,
} from "../../../local/simulators/virustotal";
import { knownToVirusTotal, type VirusTotalObject } from "../../../local/simulators/virustotal-reports";
import { bodyOf } from "../../support/virustotal-fixtures";

const unknownFile = "c3417dec0fc80329606bb94e288d0081dc8dc820c97b3436db5cb2e037d62cef";
const start = Date.UTC(2026, 10, 30, 23, 50);

describe("VirusTotal's simulator", () => {
  /** Stands still until a test sets it. */
  let now: number;
  let simulator: VirusTotalSimulator;

  const restart = async (options: Partial<VirusTotalSimulatorOptions>) => {
    await simulator?.close();
    simulator = await startVirusTotalSimulator({ clock: { ...realClock(), now: () => now }, ...options });
  };
  const get = async (path: string, key = "the-key") => {
    const response = await fetch(simulator.endpoint + path, { headers: key ? { "x-apikey": key } : {} });
    const body = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    return {
      status: response.status,
      retryAfter: response.headers.get("retry-after"),
      body: isJson ? JSON.parse(body) : body,
    };
  };

  beforeEach(async () => {
    now = start;
    await restart({});
  });
  afterEach(() => simulator.close());

  it.each([
    ["", "error-401-missing-key"],
    ["another-key", "error-401-wrong-credentials"],
    ["idle-key", "error-401-user-not-active"],
  ])("refuses the key '%s' as the service does, before it looks at the path", async (key, sample) => {
    await restart({ apiKey: "the-key", inactiveApiKey: "idle-key" });
    expect(await get("/nothing/here", key)).toMatchObject({ status: 401, body: bodyOf(sample) });
  });

  it.each(Object.values(knownToVirusTotal.maliciousFile))("knows a file by its hash %s", async (hash) => {
    const { status, body } = await get(`/files/${hash.toUpperCase()}`);
    expect([status, body.data.type, body.data.id]).toEqual([
      200,
      "file",
      knownToVirusTotal.maliciousFile.sha256,
    ]);
  });

  it("knows a URL by its base64url and by its SHA-256", async () => {
    const id = "35bee395de662f25eb7f5182f91e1bea39fd7ca1e474a074e5c0b84183eeb1a9";
    const shouted = "HTTP://LOGIN-update.example.net:80/secure/#top";
    for (const name of [base64url(knownToVirusTotal.maliciousUrl), base64url(shouted), id])
      expect((await get(`/urls/${name}`)).body.data?.id).toBe(id);
    expect((await get(`/urls/${base64url("http://login-update.example.net/SECURE/")}`)).status).toBe(404);
  });

  it.each([
    ["padding", "/urls/aHR0cDovL2V4YW1wbGUuY29tLw=="],
    [
      "the standard alphabet",
      `/urls/${encodeURIComponent(Buffer.from("http://example.com/?q=~~~>>>").toString("base64"))}`,
    ],
    ["what is no URL", `/urls/${base64url("no url")}`],
    ["a hash of no known length", "/files/abcdef"],
    ["a host name without a dot", "/domains/srv01"],
    ["a test domain", "/domains/app.test"],
    ["what is no address", "/ip_addresses/300.1.1.1"],
  ])("refuses %s", async (_, path) => {
    const { status, body } = await get(path);
    expect([status, body.error?.code]).toEqual([
      400,
      expect.stringMatching(/^(InvalidArgument|BadRequest)Error$/),
    ]);
  });

  it("answers in the service's words", async () => {
    expect(await get(`/files/${unknownFile}`)).toMatchObject({ status: 404, body: bodyOf("error-404-file") });
    expect(await get("/domains/srv01")).toMatchObject({
      status: 400,
      body: bodyOf("error-400-domain-pattern"),
    });
  });

  it.each(["/files/", "/file/x", "/files"])("has no page %s", async (path) => {
    expect(await get(path)).toMatchObject({
      status: 404,
      body: expect.stringContaining("<title>404</title>"),
    });
  });

  it("answers for private addresses, so that the log shows who asked", async () => {
    const recorded = bodyOf("ip-private-rfc1918").data.attributes as Record<string, unknown>;
    const { status, body } = await get("/ip_addresses/192.168.0.1");
    expect(status).toBe(200);
    expect(body.data.attributes.last_analysis_stats).toEqual(recorded.last_analysis_stats);
    expect(body.data.attributes).not.toHaveProperty("country");
  });

  it("serves what a test adds, IPv6 addresses in any spelling", async () => {
    simulator.add(bodyOf("ip-v6-clean").data as unknown as VirusTotalObject);
    for (const spelling of ["2001:4860:4860::8888", "2001%3A4860%3A4860%3A0%3A0%3A0%3A0%3A8888"])
      expect((await get(`/ip_addresses/${spelling}`)).body.data?.id).toBe("2001:4860:4860::8888");
  });

  describe("with a quota", () => {
    const statuses = async (count: number) => {
      const statuses: number[] = [];
      for (let asked = 0; asked < count; asked++) statuses.push((await get(`/files/${unknownFile}`)).status);
      return statuses;
    };

    it("lets so many requests through in any 60 seconds, and counts those that find nothing", async () => {
      await restart({ quota: { perMinute: 2 } });
      expect(await statuses(3)).toEqual([404, 404, 429]);
      now = start + 59_999;
      expect(await statuses(1)).toEqual([429]);
      now = start + 60_000;
      expect(await statuses(3)).toEqual([404, 404, 429]);
      expect((await get(`/files/${unknownFile}`)).body).toEqual(bodyOf("error-429-quota-exceeded"));
    });

    it("starts over with the UTC day", async () => {
      await restart({ quota: { perDay: 2 } });
      expect(await statuses(3)).toEqual([404, 404, 429]);
      now = start + 10 * 60_000;
      expect(await statuses(1)).toEqual([404]);
    });

    it("starts over with the UTC month", async () => {
      now = Date.UTC(2026, 10, 2);
      await restart({ quota: { perMonth: 1 } });
      expect(await statuses(2)).toEqual([404, 429]);
      now = start;
      expect(await statuses(1)).toEqual([429]);
      now = Date.UTC(2026, 11, 1);
      expect(await statuses(1)).toEqual([404]);
    });

    it.each([
      ["none", null],
      ["seconds", "45"],
      ["date", "Mon, 30 Nov 2026 23:51:00 GMT"],
    ] as const)("says when to come back: %s", async (retryAfter, expected) => {
      await restart({ quota: { perMinute: 1 }, retryAfter });
      await get(`/files/${unknownFile}`);
      now = start + 15_000;
      expect(await get(`/files/${unknownFile}`)).toMatchObject({ status: 429, retryAfter: expected });
    });

    it("shows what is allowed and used, without counting that question", async () => {
      await restart({ quota: { perMinute: 4, perDay: 500, perMonth: 15_500 } });
      await statuses(3);
      expect(await get("/users/the-key/overall_quotas")).toMatchObject({
        status: 200,
        body: {
          data: {
            api_requests_hourly: { user: { allowed: 240, used: 3 } },
            api_requests_daily: { user: { allowed: 500, used: 3 } },
            api_requests_monthly: { user: { allowed: 15_500, used: 3 } },
          },
        },
      });
    });
  });

  it("logs every request with the key masked", async () => {
    await get("/users/the-key/overall_quotas");
    await get("/domains/example.org");
    expect(simulator.requests.map(({ path }) => path)).toEqual([
      "/api/v3/users/***/overall_quotas",
      "/api/v3/domains/example.org",
    ]);
    expect(JSON.stringify(simulator.requests)).not.toContain("the-key");
  });
});

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}
