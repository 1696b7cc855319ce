import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { postIncident, runOf } from "../../commands/run-client";
import { realClock } from "../../local/clock";
import { type Services, startServices } from "../../local/simulators/services";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { address, domain } from "../support/entities";
import { startHostProcess } from "../support/host-process";

let folder: string;
let services: Services;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "enricher-"));
  services = await startServices({
    clock: realClock(),
    virustotal: { latencyMs: 100 },
    sentinel: { latencyMs: 50 },
  });
});
afterEach(async () => {
  await services.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** In this process a host can be killed only when it is one of its own: against an app elsewhere there is none. */
const elsewhere = process.env.E2E_APP_URL !== undefined;

describe.skipIf(elsewhere)(
  "A host that is killed in mid-run (skipped elsewhere: it has to be this machine's own host)",
  () => {
    const { cleanAddress, maliciousDomain } = knownToVirusTotal;
    const entities = [address(cleanAddress), domain(maliciousDomain)];
    const { virustotal, sentinel } = {
      virustotal: () => services.virustotal.requests.length > 0,
      sentinel: (method: string, part: string) => () =>
        services.sentinel.requests.some(
          (request) => request.method === method && request.path.includes(part),
        ),
    };

    it.each([
      ["while the incident is read", sentinel("POST", "/entities")],
      ["during the lookups", virustotal],
      ["while the comment is written", sentinel("PUT", "/comments/")],
      ["while the tags are written", sentinel("PUT", "/incidents/")],
    ])("%s leaves one comment when it is started again", async (_when, reached) => {
      const { settings } = services;
      const host = await startHostProcess(settings, folder);
      const armId = services.sentinel.addIncident({ entities });
      const { instanceId } = await postIncident(host.origin, services.sentinel.triggerBody(armId));
      await vi.waitUntil(reached, { interval: 2, timeout: 10_000 });
      await host.kill();

      const next = await startHostProcess(settings, folder);
      const run = await runOf(next.origin, instanceId);
      await next.kill();
      const { comments, tags } = services.sentinel.incident(armId);
      expect(run).toMatchObject({
        runtimeStatus: "Completed",
        output: { malicious: 1, clean: 1, notChecked: 0 },
      });
      expect(comments).toHaveLength(1);
      expect(tags).toEqual(["enriched", "threat-found"]);
    });
  },
);
