import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { skippingClock } from "../../local/clock";
import { appIn, startLocalHost } from "../../local/host/local-host";
import { packageRoot } from "../../local/host/package-root";
import { startServices } from "../../local/simulators/services";
import { address, fileHash, unknownHash, url } from "../support/entities";
import { report } from "./figures";

const unlimited = Object.fromEntries(
  ["MINUTE", "DAY", "MONTH"].map((s) => [`VIRUSTOTAL_REQUESTS_PER_${s}`, "0"]),
);
const minutesMs = 60_000;
/** Documented minimum per subscription: one comment write of 75 in five minutes for each incident. */
const commentsPerWindow = 75;
const windowMs = 5 * minutesMs;
const mostMemory = 600 * 1024 * 1024;

const silent = () => {};

it("1,000 incidents at once, with 200 distinct indicators, at Sentinel's documented minimum", async () => {
  const clock = skippingClock();
  const services = await startServices({ clock, sentinel: { limited: true } });
  const host = await startLocalHost({
    ...appIn(packageRoot),
    clock,
    settings: { ...services.settings, ...unlimited },
    log: silent,
  });
  const count = 1_000;
  const armIds = Array.from({ length: count }, (_, i) =>
    services.sentinel.addIncident({
      entities: [0, 1, 2].map((n) => fileHash(unknownHash(256 + ((i + n * 67) % 200)))),
    }),
  );
  const startedAt = clock.now();
  const release = clock.hold();
  for (const armId of armIds) await postIncident(host.origin, services.sentinel.triggerBody(armId));
  release();
  let memory = 0;
  for (;;) {
    await new Promise((done) => setTimeout(done, 200));
    memory = Math.max(memory, process.memoryUsage().rss);
    const open = await fetch(
      `${host.origin}/runtime/webhooks/durabletask/instances?runtimeStatus=Running,Pending&showInput=false&top=1`,
    );
    if (((await open.json()) as unknown[]).length === 0) break;
  }
  const views = armIds.map((armId) => services.sentinel.incident(armId));
  // The last window need not be waited for: its first request goes at once.
  const bound = (Math.ceil(count / commentsPerWindow) - 1) * windowMs;
  const puts = services.sentinel.requests.filter(
    ({ method, path }) => method === "PUT" && !path.includes("/comments/"),
  );
  const took = Math.max(...puts.map(({ at }) => at)) - startedAt;
  report("burst", [
    {
      incidents: count,
      commented: views.filter(({ comments }) => comments.length === 1).length,
      tagged: views.filter(({ tags }) => tags.includes("enriched")).length,
      "time of the bound": Number((took / bound).toFixed(2)),
      "memory of 600 MB": Number((memory / mostMemory).toFixed(2)),
    },
  ]);
  await host.stop();
  await services.stop();
  expect(views.every(({ comments, tags }) => comments.length === 1 && tags.includes("enriched"))).toBe(true);
  expect(took / bound).toBeLessThanOrEqual(1.1);
  expect(memory).toBeLessThan(mostMemory);
});

it("a free key alone: 60 hashes, 30 addresses, 30 URLs", async () => {
  const clock = skippingClock();
  const services = await startServices({ clock, virustotal: { quota: { perMinute: 4 } } });
  const settings = {
    ...services.settings,
    ENRICHMENT_DEADLINE_SECONDS: "3600",
    VIRUSTOTAL_REQUESTS_PER_MINUTE: "4",
    INTEZER_FILES: "false",
  };
  const host = await startLocalHost({ ...appIn(packageRoot), clock, settings, log: silent });
  const armId = services.sentinel.addIncident({
    entities: [
      ...Array.from({ length: 60 }, (_, i) => fileHash(unknownHash(256 + i))),
      ...Array.from({ length: 30 }, (_, i) => address(`93.184.216.${i + 1}`)),
      ...Array.from({ length: 30 }, (_, i) => url(`https://site-${i}.example.org/`)),
    ],
  });
  const { instanceId } = await postIncident(host.origin, services.sentinel.triggerBody(armId));
  const status = `${host.origin}/runtime/webhooks/durabletask/instances/${instanceId}?showInput=false`;
  let run = await fetch(status);
  for (; run.status === 202; run = await fetch(status)) await new Promise((done) => setTimeout(done, 20));
  const { output } = (await run.json()) as { output: { notChecked: number } };
  const times = services.virustotal.requests
    .filter(({ path }) => !path.includes("/users/"))
    .map(({ at }) => at);
  const bound = (120 / 4 - 1) * minutesMs;
  const took = Math.max(...times) - Math.min(...times);
  const isExceeded = times.some((at, i) => at - (times[i - 4] ?? Number.NEGATIVE_INFINITY) < minutesMs);
  report("quota", [
    {
      lookups: times.length,
      "not checked": output.notChecked,
      "time of the bound": Number((took / bound).toFixed(2)),
    },
  ]);
  await host.stop();
  await services.stop();
  expect({ lookups: times.length, notChecked: output.notChecked, isExceeded }).toEqual({
    lookups: 120,
    notChecked: 0,
    isExceeded: false,
  });
  expect(took / bound).toBeLessThanOrEqual(1.1);
});
