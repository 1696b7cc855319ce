import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Page, startPage } from "../../../commands/start/page";
import { sampleIncident } from "../../../local/simulators/sample-incident";
import { type Enricher, startEnricher } from "../../support/enricher";

let app: Enricher;
let page: Page;
beforeAll(async () => {
  app = await startEnricher({ INTEZER_ALERTS: "submit", RESULTS_TABLE: "on" });
  const { clock, services, origin: appOrigin } = app;
  page = await startPage({ clock, services, appOrigin });
});
afterAll(async () => {
  await page.close();
  await app.stop();
});

const get = (path: string) => fetch(page.origin + path);
const post = (path: string, form: Record<string, string>, origin: string | undefined = page.origin) =>
  fetch(page.origin + path, {
    method: "POST",
    redirect: "manual",
    headers: origin === "" ? {} : { origin },
    body: new URLSearchParams(form),
  });

describe("A form", () => {
  it("raises an incident, sends it to the app and leads to it", async () => {
    const answer = await post("/incidents", { sample: "harmless" });
    expect(answer.status).toBe(303);
    const armId = app.services.sentinel.armIds().at(-1) ?? "";
    expect(answer.headers.get("location")).toBe(`/incidents/${armId.split("/").at(-1)}`);
    expect((await app.ended(armId)).comments).toHaveLength(1);
  });

  it.each([
    ["of another page", "http://attacker.example"],
    ["of no page", ""],
    ["of the same host at another port", "http://127.0.0.1:1"],
  ])("%s is refused and does nothing", async (_, origin) => {
    const before = app.services.sentinel.armIds().length;
    const answer = await post("/incidents", { sample: "harmless" }, origin);
    expect(answer.status).toBe(403);
    expect(app.services.sentinel.armIds()).toHaveLength(before);
  });

  it.each([
    ["/incidents", { sample: "unheard-of" }],
    ["/incidents", { sample: "toString" }],
    ["/incidents/00000000-0000-4000-8000-000000000000/run", {}],
    ["/incidents/00000000-0000-4000-8000-000000000000/webhook", { triage: "threat" }],
  ])("%s with something unknown is not found", async (path, form) => {
    expect((await post(path, form)).status).toBe(404);
  });

  it("sends an incident that is waiting", async () => {
    const armId = app.services.sentinel.addIncident(sampleIncident);
    const path = `/incidents/${armId.split("/").at(-1)}`;
    expect(await (await get(path)).text()).toContain("Send it to the app");
    expect((await post(`${path}/run`, {})).status).toBe(303);
    expect((await app.ended(armId)).tags).toContain("threat-found");
    expect(await (await get(path)).text()).toContain("Send by webhook");
  });
});

describe("The page", () => {
  it("lets no script in, and no other page frame it", async () => {
    const policy = (await get("/")).headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it("shows the rows that a run has sent to the results table, each once", async () => {
    app.services.logIngestion.script({ match: () => true, fault: "dropAfter" });
    const { armId } = await app.enrich({
      entities: [{ kind: "Url", properties: { url: "http://example.org/?q=<script>" } }],
    });
    await app.settled();
    const text = await (await get(`/incidents/${armId.split("/").at(-1)}`)).text();
    expect(text).toContain("<b>2 rows</b>");
    expect(text).toMatch(
      /<td>first<\/td><td>url http:\/\/example\.org\/\?q=%3Cscript%3E<\/td><td>virustotal<\/td>/,
    );
    expect(text).toMatch(/<td>intezer<\/td><td>off<\/td>/);
  });

  it("encodes what stands in an incident", async () => {
    const armId = app.services.sentinel.addIncident({ title: "<b>bold</b>", tags: ["<i>"] });
    for (const path of ["/", `/incidents/${armId.split("/").at(-1)}`]) {
      const text = await (await get(path)).text();
      expect(text).toContain("&lt;b&gt;bold");
      expect(text).not.toMatch(/<b>bold|<i>/);
    }
  });

  it("gives a comment as a document in which nothing runs", async () => {
    const armId = app.services.sentinel.addIncident({ comments: ["<p>seen</p>"] });
    const id = app.services.sentinel.incident(armId).comments[0]?.id;
    const answer = await get(`/incidents/${armId.split("/").at(-1)}/comments/${id}`);
    expect(await answer.text()).toContain("<p>seen</p>");
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^sandbox [^;]*;/);
    expect(policy).not.toMatch(/allow-scripts|script-src/);
    expect(policy).toContain("default-src 'none'");
  });

  it("filters the incidents by verdict, and counts them", async () => {
    app.services.sentinel.addIncident({ title: "Suspected one", tags: ["enriched", "threat-suspected"] });
    app.services.sentinel.addIncident({ title: "Waiting one" });
    const text = await (await get("/?verdict=threat-suspected")).text();
    expect(text).toContain("Suspected one");
    expect(text).not.toContain("Waiting one");
    expect(text).toContain(
      '<a href="/?verdict=threat-suspected" aria-current="page">Threat suspected (1)</a>',
    );
    expect(await (await get("/?verdict=none")).text()).toContain("Waiting one");
  });

  it("says which app it stands before, and whether that is healthy", async () => {
    expect(await (await get("/")).text()).toMatch(/App \d+\.\d+\.\d+: healthy\./);
  });

  it("says of an incident what it waits for", async () => {
    const armId = app.services.sentinel.addIncident({});
    const text = await (await get(`/incidents/${armId.split("/").at(-1)}`)).text();
    expect(text).toContain("Not sent to the app yet");
    expect(text).toContain("The button under Actions sends it.");
  });

  it.each([
    "/nowhere",
    "/incidents/none",
    "/incidents/none/comments/none",
    "/../package.json",
    "/page.ts",
    "/toString.js",
  ])("has nothing at %s", async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});
