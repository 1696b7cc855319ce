import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address } from "../support/entities";
import {
  all,
  commentsOf,
  hourMs,
  minuteMs,
  onlyHere,
  passed,
  raise,
  untilAfterPass,
} from "../support/reconcile";

const entities = [address(knownToVirusTotal.cleanAddress)];

const commented = (app: Enricher, armIds: readonly string[]) =>
  commentsOf(app, armIds).filter((count) => count > 0).length;

describeStories({ title: "Reconciliation of all incidents", settings: all, onlyHere }, (app) => {
  it("starts no more than 20 runs in a pass, worst severity first, and the others in the next", async () => {
    const raised = raise(app(), 50, (i) => ({ entities, severity: i < 25 ? "Low" : "High" }));
    let before = { low: 0, high: 0 };
    for (let pass = 0; pass < 5; pass++) {
      await passed(app(), 15 * minuteMs);
      const now = { low: commented(app(), raised.slice(0, 25)), high: commented(app(), raised.slice(25)) };
      expect(now.low + now.high - before.low - before.high).toBeLessThanOrEqual(20);
      if (now.high < 25) expect(now.low).toBe(0);
      before = now;
    }
    expect(before).toEqual({ low: 25, high: 25 });
  });

  it("starts a run that fails three times, and then leaves it", async () => {
    const { services, log } = app();
    const [armId = ""] = raise(app(), 1, () => ({ entities }));
    const id = armId.split("/").at(-1) ?? "";
    const forbidden = { status: 403, json: { error: { code: "AuthorizationFailed" } } };
    const match = ({ method, path }: { method: string; path: string }) =>
      method === "PUT" && path.includes(`${id}/comments/`);
    services.sentinel.script({ match, fault: forbidden, times: 1_000 });
    const starts = () => log.filter((line) => line.includes("Started a run") && line.includes(id)).length;
    await passed(app(), 12 * hourMs);
    expect(starts()).toBe(3);
    expect(services.sentinel.requests.filter(match)).toHaveLength(3);
  });
});

describeStories(
  {
    title: "Reconciliation with a small quota",
    settings: all,
    options: { virustotal: { quota: { perMinute: 4, perDay: 10 } } },
    onlyHere,
  },
  (app) => {
    it("uses half of the day, and goes on the next day", async () => {
      await passed(app(), untilTomorrow(app()));
      const raised = raise(app(), 12, (i) => ({ entities: [address(`93.184.216.${i + 1}`)] }));
      await passed(app(), untilTomorrow(app()) - 2 * minuteMs);
      expect(commented(app(), raised)).toBe(5);
      await passed(app(), hourMs);
      expect(commented(app(), raised)).toBe(10);
    });
  },
);

/** In UTC. */
function untilTomorrow({ clock }: Enricher): number {
  const dayMs = 24 * hourMs;
  return dayMs - (clock.now() % dayMs);
}

describeStories({ title: "An idle hour with 200 open incidents", settings: all, onlyHere }, (app) => {
  const enrich = async (armIds: readonly string[]) => {
    const { origin, services } = app();
    for (const [i, armId] of armIds.entries()) {
      await postIncident(origin, services.sentinel.triggerBody(armId));
      if (i % 20 === 19) await app().settled();
    }
  };

  it("costs four list requests, right after their runs and later", async () => {
    const { sentinel, virustotal } = app().services;
    const armIds = raise(app(), 200, () => ({ entities }));
    await enrich(armIds);
    expect(new Set(commentsOf(app(), armIds))).toEqual(new Set([1]));
    for (const later of [0, 5 * hourMs]) {
      await passed(app(), later + untilAfterPass(app()));
      const before = [sentinel, virustotal].map(({ requests }) => requests.length);
      await passed(app(), hourMs);
      expect(virustotal.requests).toHaveLength(before[1] ?? 0);
      const idle = sentinel.requests.slice(before[0]).map(({ method, path }) => `${method} ${path}`);
      expect(idle).toHaveLength(4);
      for (const request of idle) expect(request).toMatch(/^GET .*\/incidents$/i);
    }
  });

  it("costs fewer than 30 requests while 40 of them have no indicator yet", async () => {
    const { sentinel } = app().services;
    await enrich(raise(app(), 40, () => ({})));
    const before = sentinel.requests.length;
    await passed(app(), hourMs);
    const idle = sentinel.requests
      .slice(before)
      .map(({ method, path }) => `${method} ${path.split("/").at(-1)}`);
    expect(idle.filter((request) => request === "POST entities").length).toBeGreaterThan(0);
    expect(idle.length).toBeLessThan(30);
  });
});
