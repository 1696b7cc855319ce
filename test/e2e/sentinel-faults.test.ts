import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import type { Fault } from "../../local/simulators/simulator";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address } from "../support/entities";

const entities = [address(knownToVirusTotal.cleanAddress)];
const error = (status: number, code: string, headers?: Record<string, string>): Fault => ({
  status,
  json: { error: { code, message: code } },
  ...(headers ? { headers } : {}),
});

const postTo = ({ services, origin }: Enricher, armId: string) =>
  postIncident(origin, services.sentinel.triggerBody(armId));

/** An incident for which calls of Sentinel fail: those of a method at a path with a part, "" for the incident itself. */
async function enrichWith(app: Enricher, method: string, part: string, fault: Fault, times = 1) {
  const { sentinel } = app.services;
  const armId = sentinel.addIncident({ entities });
  const id = armId.split("/").at(-1) ?? "";
  const match = (request: { method: string; path: string }) =>
    request.method === method &&
    request.path.includes(id) &&
    (part === "" ? request.path.endsWith(id) : request.path.includes(part));
  sentinel.script({ match, fault, times });
  await postTo(app, armId);
  return app.ended(armId);
}

describeStories({ title: "When Sentinel fails" }, (app) => {
  it("another writer's new tag is kept, and ours are set", async () => {
    const { sentinel } = app().services;
    const armId = sentinel.addIncident({ entities });
    for (const tag of ["other-1", "other-2", "other-3"]) sentinel.tagAfterRead(armId, tag);
    await postTo(app(), armId);
    const incident = await app().ended(armId);
    expect(incident.tags).toEqual(["other-1", "other-2", "other-3", "enriched", "no-known-threat"]);
    expect(incident.output.warnings).toEqual([]);
  });

  it("and others write all the time, the comment is there and the output has a warning", async () => {
    const incident = await enrichWith(app(), "PUT", "", error(409, "Conflict"), 99);
    expect(incident.run.runtimeStatus).toBe("Completed");
    expect(incident.writes).toEqual({ comments: 1, tags: 0 });
    expect(incident.output.warnings.join()).toContain("tags could not be written");
  });

  it("and refuses to return the entities once more, the comment is there and the output has a warning", async () => {
    const { sentinel } = app().services;
    const armId = sentinel.addIncident({ entities });
    const ending = `${armId.split("/").at(-1)}/entities`;
    let reads = 0;
    const match = ({ path }: { path: string }) => path.endsWith(ending) && ++reads > 1;
    sentinel.script({ match, fault: error(403, "AuthorizationFailed"), times: 99 });
    await postTo(app(), armId);
    const incident = await app().ended(armId);
    expect(incident.comments).toHaveLength(1);
    expect(incident.output.warnings).toEqual([expect.stringContaining("are read again two minutes later. ")]);
  });

  it.each<[string, Fault]>([
    ["500 after the comment was stored", "dropAfter"],
    ["429 with Retry-After", error(429, "TooManyRequests", { "retry-after": "17" })],
    ["429 without Retry-After", error(429, "TooManyRequests")],
    ["503", error(503, "ServiceUnavailable")],
  ])("with %s, there is one comment in the end", async (_case, fault) => {
    const incident = await enrichWith(app(), "PUT", "/comments/", fault);
    expect(incident.run.runtimeStatus).toBe("Completed");
    expect(incident.comments).toHaveLength(1);
    expect(incident.writes).toEqual({ comments: 1, tags: 1 });
  });

  it.each<[string, string, string, Fault, string]>([
    ["the incident is gone", "GET", "", error(404, "NotFound"), "Incident not found"],
    ["the app may not read", "GET", "", error(403, "AuthorizationFailed"), "Microsoft Sentinel Responder"],
    [
      "the app may not write",
      "PUT",
      "/comments/",
      error(403, "AuthorizationFailed"),
      "Microsoft Sentinel Responder",
    ],
    ["comments are refused", "PUT", "/comments/", error(400, "BadRequest"), "30,000 characters"],
  ])("because %s, the run fails with a reason to act on", async (_case, method, part, fault, reason) => {
    const incident = await enrichWith(app(), method, part, fault, 99);
    expect(incident.run.runtimeStatus).toBe("Failed");
    expect(String(incident.run.output)).toContain(reason);
    expect(incident.comments).toEqual([]);
  });
});

describeStories({ title: "When Sentinel fails for hours", onlyHere: "minutes pass in it" }, (app) => {
  it("the run fails with the last reason", async () => {
    const startedAt = app().clock.now();
    const incident = await enrichWith(app(), "PUT", "/comments/", error(503, "ServiceUnavailable"), 999);
    expect(incident.run.runtimeStatus).toBe("Failed");
    expect(String(incident.run.output)).toContain("HTTP 503");
    expect(app().clock.now() - startedAt).toBeGreaterThan(110 * 60_000);
  });
});
