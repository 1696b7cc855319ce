import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { postIncident, runOf } from "../../commands/run-client";
import { realClock } from "../../local/clock";
import type { EntitySeed } from "../../local/simulators/sentinel-incidents";
import { startServices } from "../../local/simulators/services";
import { address, fileHash, url } from "../support/entities";
import { startHostProcess } from "../support/host-process";
import { report } from "./figures";

const latencyMs = { virustotal: 150, intezer: 200, sentinel: 300 };
/** Incident and entities side by side, the lookups, is the comment there, write it. */
const criticalPathMs = latencyMs.sentinel + latencyMs.intezer + latencyMs.sentinel + latencyMs.sentinel;
const sizes = [
  { hashes: 2, addresses: 1, urls: 0 },
  { hashes: 10, addresses: 5, urls: 5 },
  { hashes: 60, addresses: 30, urls: 30 },
];
const repeats = 20;

const hashOf = (run: number, i: number) =>
  `${run.toString(16).padStart(4, "0")}${i.toString(16).padStart(60, "b")}`;

/** Nothing in it was looked up before, so that no cache shortens the way. */
function entitiesOf(run: number, { hashes, addresses, urls }: (typeof sizes)[number]): EntitySeed[] {
  return [
    ...Array.from({ length: hashes }, (_, i) => fileHash(hashOf(run, i))),
    ...Array.from({ length: addresses }, (_, i) =>
      address(`93.${Math.floor(run / 250)}.${run % 250}.${i + 1}`),
    ),
    ...Array.from({ length: urls }, (_, i) => url(`https://site-${run}-${i}.example.org/`)),
  ];
}

it("time from the trigger to the comment, with services that take their time", async () => {
  const clock = realClock();
  const services = await startServices({
    clock,
    virustotal: { latencyMs: latencyMs.virustotal },
    intezer: { latencyMs: latencyMs.intezer },
    sentinel: { latencyMs: latencyMs.sentinel },
  });
  const unlimited = ["MINUTE", "DAY", "MONTH"].map((span) => [`VIRUSTOTAL_REQUESTS_PER_${span}`, "0"]);
  // A process of its own, as the services are elsewhere: what the simulators do is not the app's time.
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const host = await startHostProcess({ ...services.settings, ...Object.fromEntries(unlimited) }, folder);

  let run = 0;
  const enrichOne = async (size: (typeof sizes)[number]) => {
    run++;
    const entities = entitiesOf(run, size);
    for (let i = 0; i < size.hashes; i++) {
      services.intezer.addFile({
        sha256: hashOf(run, i),
        latest: "present",
        findings: { verdict: "trusted" },
      });
    }
    const armId = services.sentinel.addIncident({ entities });
    const startedAt = clock.now();
    const { instanceId } = await postIncident(host.origin, services.sentinel.triggerBody(armId));
    await runOf(host.origin, instanceId, 250);
    const put = services.sentinel.requests.findLast(
      ({ method, path }) => method === "PUT" && path.includes("/comments/"),
    );
    return (put?.at ?? Number.NaN) + latencyMs.sentinel - startedAt;
  };

  await enrichOne({ hashes: 2, addresses: 1, urls: 0 });
  const rows = [];
  for (const size of sizes) {
    const times: number[] = [];
    for (let i = 0; i < repeats; i++) times.push(await enrichOne(size));
    const median = times.toSorted((a, b) => a - b)[repeats / 2] ?? Number.NaN;
    rows.push({
      incident: `${size.hashes} hashes, ${size.addresses} addresses, ${size.urls} URLs`,
      "median to the comment, of the critical path": Number((median / criticalPathMs).toFixed(2)),
    });
  }
  report("latency", rows);
  await host.kill();
  await services.stop();
  rmSync(folder, { recursive: true, force: true });
  for (const row of rows) expect(row["median to the comment, of the critical path"]).toBeLessThanOrEqual(1.3);
});
