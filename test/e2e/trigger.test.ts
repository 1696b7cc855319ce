import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { address } from "../support/entities";

describeStories({ title: "The incident trigger" }, (app) => {
  const send = async (body: string | object) => {
    const response = await fetch(`${app().origin}/api/incidents`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return {
      status: response.status,
      text: await response.text(),
      location: response.headers.get("location"),
    };
  };
  const withId = (change: (armId: string) => string) => {
    const { sentinel } = app().services;
    return { object: { id: change(sentinel.addIncident()) } };
  };

  it.each([
    ["no JSON", () => "{", 400],
    ["no object", () => '"text"', 400],
    ["no incident id", () => ({ object: { name: "x" } }), 400],
    ["no ARM id", () => ({ object: { id: "4711" } }), 400],
    ["..", () => withId((id) => id.replace("/rg-soc/", "/rg-soc/../other/")), 400],
    ["encoded slashes", () => withId((id) => id.replace("/rg-soc/", "/rg-soc%2F..%2Fother/")), 400],
    ["another workspace", () => withId((id) => id.replace("law-soc", "law-other")), 403],
    ["17 MiB", () => ({ ...withId((id) => id), fill: "x".repeat(17 * 1024 * 1024) }), 413],
  ])("refuses a body with %s, starts nothing and shows no stack", async (_case, body, status) => {
    const before = await app().instances();
    const answer = await send(body());
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({
      error: { code: expect.any(String), message: expect.any(String) },
    });
    expect(answer.text).not.toMatch(/\.js:\d|node_modules|Error:/);
    expect(await app().instances()).toEqual(before);
  });

  it("answers 202 with the instance and no place to poll", async () => {
    const { sentinel } = app().services;
    const armId = sentinel.addIncident({ entities: [address(knownToVirusTotal.cleanAddress)] });
    const answer = await send(sentinel.triggerBody(armId));
    expect(answer).toMatchObject({ status: 202, location: null });
    expect(JSON.parse(answer.text)).toEqual({
      instanceId: `sentinel-${armId.split("/").at(-1)}`,
      accepted: true,
      duplicate: false,
    });
    await app().ended(armId);
  });

  it("makes one run and one comment of the same trigger ten times at once, and of an eleventh after it", async () => {
    const { sentinel } = app().services;
    const armId = sentinel.addIncident({ entities: [address(knownToVirusTotal.cleanAddress)] });
    const body = sentinel.triggerBody(armId);
    const answers = await Promise.all(Array.from({ length: 10 }, () => postIncident(app().origin, body)));
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    await app().ended(armId);
    expect(await postIncident(app().origin, body)).toMatchObject({ accepted: true, duplicate: true });
    const incident = await app().ended(armId);
    expect(incident.writes).toEqual({ comments: 1, tags: 1 });
  });

  it("starts nothing for an update that adds no alert", async () => {
    const { sentinel } = app().services;
    const armId = sentinel.addIncident();
    expect(await postIncident(app().origin, sentinel.triggerBody(armId, "Update"))).toMatchObject({
      accepted: false,
      duplicate: false,
    });
    expect(sentinel.incident(armId).writes).toEqual({ comments: 0, tags: 0 });
  });

  it("says in its health that it can work", async () => {
    const response = await fetch(`${app().origin}/api/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: "healthy" });
  });
});
