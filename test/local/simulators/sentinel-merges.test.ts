import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SentinelSimulator, startSentinelSimulator } from "../../../local/simulators/sentinel";
import { address } from "../../support/entities";
import { manualClock } from "../../support/manual-clock";

let clock: ReturnType<typeof manualClock>;
let sentinel: SentinelSimulator;

beforeEach(async () => {
  clock = manualClock(Date.UTC(2026, 10, 26));
  sentinel = await startSentinelSimulator({ clock });
});
afterEach(() => sentinel.close());

async function call(method: string, path: string) {
  const response = await fetch(`${sentinel.origin}${path}?api-version=2025-09-01`, { method });
  return (await response.json()) as {
    properties: { additionalData: Record<string, unknown> };
    entities: unknown[];
    value: unknown[];
  };
}
const countsOf = async (armId: string) => ({
  alerts: (await call("GET", armId)).properties.additionalData.alertsCount,
  entities: (await call("POST", `${armId}/entities`)).entities.length,
});

describe("A merge", () => {
  it("closes the source, moves alerts, entities and tags, and leaves the comments", async () => {
    const source = sentinel.addIncident({
      alerts: 2,
      entities: [address("8.8.8.8")],
      tags: ["VIP", "enriched"],
      comments: ["seen"],
    });
    const target = sentinel.addIncident({ tags: ["vip"] });
    sentinel.merge(source, target);
    expect(await countsOf(source)).toEqual({ alerts: 0, entities: 0 });
    expect(await countsOf(target)).toEqual({ alerts: 3, entities: 1 });
    expect(sentinel.incident(source)).toMatchObject({
      tags: ["Redirected"],
      comments: [{ html: "seen" }],
      properties: { status: "Closed" },
    });
    expect(sentinel.incident(target)).toMatchObject({ tags: ["vip", "enriched"], comments: [] });
  });

  it.each([
    { shownBy: "number" as const, tags: [], number: "1002" },
    { shownBy: "label" as const, tags: ["Redirected"], number: undefined },
    { shownBy: "both" as const, tags: ["Redirected"], number: "1002" },
  ])("is shown by $shownBy", async ({ shownBy, tags, number }) => {
    const [source, target] = [sentinel.addIncident({}), sentinel.addIncident({})];
    sentinel.merge(source, target, { shownBy });
    expect(sentinel.incident(source).tags).toEqual(tags);
    const { properties } = await call("GET", source);
    expect(properties.additionalData.mergedIncidentNumber).toBe(number);
  });

  it("moves what is on its way to where the target has gone", async () => {
    const source = sentinel.addIncident({ entities: [address("8.8.8.8")], tags: ["enriched"] });
    const [target, last] = [sentinel.addIncident({}), sentinel.addIncident({})];
    sentinel.merge(source, target, { alertsAfterSeconds: 300, tagsAfterSeconds: 60 });
    sentinel.merge(target, last);
    expect(await countsOf(last)).toEqual({ alerts: 2, entities: 0 });
    clock.skip();
    expect(sentinel.incident(last).tags).toEqual(["enriched"]);
    clock.skip();
    expect(await countsOf(last)).toEqual({ alerts: 3, entities: 1 });
  });

  it("is refused for what is never merged", () => {
    const [source, target] = [sentinel.addIncident({}), sentinel.addIncident({})];
    const closed = sentinel.addIncident({ status: "Closed" });
    expect(() => sentinel.merge(source, source)).toThrow("into itself");
    expect(() => sentinel.merge(source, closed)).toThrow("is closed");
    sentinel.merge(source, target);
    expect(() => sentinel.merge(source, target)).toThrow("merged already");
  });
});

it("An incident shows 150 of its alerts", async () => {
  const armId = sentinel.addIncident({ alerts: 170 });
  expect((await countsOf(armId)).alerts).toBe(150);
  expect((await call("POST", `${armId}/alerts`)).value).toHaveLength(150);
});

it("Entities come late and may be gone again", async () => {
  const entities = [address("8.8.8.8"), address("9.9.9.9")];
  const armId = sentinel.addIncident({ entities, shownOnReads: [0, 2, 1] });
  const reads = [];
  for (let count = 0; count < 4; count++) reads.push((await countsOf(armId)).entities);
  expect(reads).toEqual([0, 2, 1, 2]);
});

it("A Defender incident has a number of its own there", async () => {
  const armId = sentinel.addIncident({ fromDefender: true });
  const { incidentNumber, providerName, providerIncidentId } = sentinel.incident(armId).properties;
  expect(providerName).toBe("Microsoft XDR");
  expect(providerIncidentId).not.toBe(String(incidentNumber));
});

describe("Updates", () => {
  const updates = (bodies: readonly Record<string, unknown>[]) =>
    bodies.map(({ incidentUpdates }) => incidentUpdates as { alerts: unknown[]; labels: unknown[] });

  it("within some minutes arrive as one, which shows the newest change only", () => {
    const armId = sentinel.addIncident({});
    const sent: Record<string, unknown>[] = [];
    sentinel.setUpdateRule({ send: (body) => sent.push(body), withinMs: 300_000 });
    sentinel.addAlert(armId, []);
    sentinel.merge(sentinel.addIncident({ tags: ["vip"] }), armId);
    clock.skip();
    clock.skip();
    const [first] = updates(sent.filter(({ objectEventType }) => objectEventType === "Update"));
    expect(first).toMatchObject({ alerts: [], labels: [{ labelName: "vip" }] });
  });

  it("are sent to no one without a rule", () => {
    const sent: unknown[] = [];
    const armId = sentinel.addIncident({});
    sentinel.setUpdateRule({ send: (body) => sent.push(body), withinMs: 1_000 });
    sentinel.setUpdateRule(undefined);
    sentinel.addAlert(armId, []);
    expect([clock.skip(), sent]).toEqual([false, []]);
  });
});
