import { afterEach, describe, expect, it } from "vitest";
import { realClock } from "../../../local/clock";
import { startVirusTotalSimulator, type VirusTotalSimulator } from "../../../local/simulators/virustotal";
import type { PremiumRelationships } from "../../../local/simulators/virustotal-relationships";
import { knownToVirusTotal, type VirusTotalObject } from "../../../local/simulators/virustotal-reports";
import { bodyOf } from "../../support/virustotal-fixtures";

const file = `/files/${knownToVirusTotal.maliciousFile.sha256}`;
const page = "/urls/35bee395de662f25eb7f5182f91e1bea39fd7ca1e474a074e5c0b84183eeb1a9";
const both = `${page}?relationships=last_serving_ip_address,redirects_to`;

describe("VirusTotal's simulator embeds relationships that are asked for", () => {
  let simulator: VirusTotalSimulator;

  const start = async (premiumRelationships?: PremiumRelationships) => {
    const premium = premiumRelationships ? { premiumRelationships } : {};
    simulator = await startVirusTotalSimulator({ clock: realClock(), ...premium });
  };
  const get = async (path: string) => {
    const response = await fetch(simulator.endpoint + path, { headers: { "x-apikey": "the-key" } });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };

  afterEach(() => simulator.close());

  it("as lists, or as one object of a relation to one", async () => {
    await start();
    const { body } = await get(`${file}?relationships=contacted_domains,dropped_files`);
    expect(body.data.relationships).toMatchObject({
      contacted_domains: {
        data: [{ type: "domain", id: "cdn.example.org" }],
        meta: { count: 1 },
      },
      dropped_files: { data: [], meta: { count: 0 } },
    });
    const { body: url } = await get(both);
    expect(url.data.relationships).toMatchObject({
      last_serving_ip_address: { data: { id: knownToVirusTotal.maliciousAddress } },
      redirects_to: { data: null },
    });
  });

  it("at most 20 of each, and says how many there are", async () => {
    await start();
    const contacted_domains = Array.from(
      { length: 30 },
      (_, i) => ({ type: "domain", id: `a${i}.example.net` }) as const,
    );
    const { data } = bodyOf("file-malicious-rich");
    simulator.add({ ...(data as unknown as VirusTotalObject), relationships: { contacted_domains } });
    const { body } = await get(`/files/${data.id}?relationships=contacted_domains`);
    expect(body.data.relationships.contacted_domains.data).toHaveLength(20);
    expect(body.data.relationships.contacted_domains.meta).toEqual({ count: 30, cursor: expect.any(String) });
  });

  it("and no others", async () => {
    await start();
    expect((await get(file)).body.data).not.toHaveProperty("relationships");
    expect(await get(`${file}?relationships=friends`)).toMatchObject({ status: 400 });
  });

  it.each([
    { premium: "given", status: 200, names: ["last_serving_ip_address", "redirects_to"] },
    { premium: "leftOut", status: 200, names: ["last_serving_ip_address"] },
    { premium: "refused", status: 403, names: [] },
  ] as const)("with what is for premium keys $premium", async ({ premium, status, names }) => {
    await start(premium);
    const answer = await get(both);
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.body.data?.relationships ?? {})).toEqual(names);
    expect(await get(`${page}?relationships=last_serving_ip_address`)).toMatchObject({ status: 200 });
  });
});
