import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { skippingClock } from "../../local/clock";
import { type Services, startServices } from "../../local/simulators/services";
import type { Fault, SimulatorRequest } from "../../local/simulators/simulator";
import { startApp } from "./app";
import { checkAll } from "./checks";
import { deliver, faultySeconds } from "./deliver";
import { countsOf, type FaultCounts, injectFaults } from "./faults";
import { checkLookups, type Lookups, lookupsIn } from "./lookups";
import { drawMerges, sendUpdates } from "./merges";
import { raise } from "./raise";
import { createRandom, type Random } from "./random";
import type { World } from "./world";

export interface StoryOptions {
  readonly merges: MergesIn;
  /** Neither lookups nor what they need in storage fail, whatever else does. */
  readonly sparesLookups: boolean;
}

/** `none`: merges are drawn in every story, as in `all`, and none is made. */
export type MergesIn = "half" | "all" | "none";

export interface Story {
  readonly faults: FaultCounts;
  /** Merges were drawn. */
  readonly isMerging: boolean;
  readonly lookups: Lookups;
  /** What an analyst or operator would complain about. */
  readonly problems: readonly string[];
}

/** One random story: incidents, settings, faults, the engine's faults, and in half of the seeds a kill. */
export async function runStory(seed: number, { merges, sparesLookups }: StoryOptions): Promise<Story> {
  const random = createRandom(seed);
  const clock = skippingClock();
  const folder = mkdtempSync(join(tmpdir(), "chaos-"));
  const perMinute = random.oneOf([0, 4, 20]);
  const settings = settingsOf(random, perMinute);
  const services = await startServices({
    clock,
    virustotal: { quota: { perMinute } },
    intezer: { triageSeconds: random.oneOf([5, 45, 250, 400, 1500]) },
  });
  const log: string[] = [];
  const world: Omit<World, "host"> = { random, clock, services, settings, log, folder };
  const started: World = { ...world, host: await startApp(world, join(folder, "0")) };
  try {
    const startedAt = clock.now();
    const isOn = () => clock.now() < startedAt + faultySeconds * 1000;
    const { virustotal, intezer, sentinel, logAnalytics, logIngestion, tables } = services;
    const others = { intezer, sentinel, logAnalytics, logIngestion };
    const simulators = sparesLookups ? others : { virustotal, ...others, tables };
    const probability = random.oneOf([0, 0.05, 0.15, 0.3]);
    // Before other faults: what the first readings show is for the first ones only.
    const isMerging = random.isTrue(0.5) || merges !== "half";
    const incidents = raise(started, isMerging);
    const drawn = isMerging ? drawMerges(random, incidents) : [];
    const planned = merges === "none" ? [] : drawn;
    if (isMerging && random.isTrue(0.5)) sendUpdates(started, random.between(300, 600) * 1000);
    const injected = injectFaults(simulators, probability, seed, isOn);
    failQuotaReadings(world, isOn);
    const wasKilled = random.isTrue(0.5);
    const killAfter = wasKilled ? random.between(2, 60) : Number.POSITIVE_INFINITY;
    const isTimeToKill = () => requestCount(services) >= killAfter;
    const plot = { incidents, merges: planned, isReconciled: drawn.length > 0, isTimeToKill };
    const answered = await deliver(started, plot);
    const isQuiet = probability === 0;
    const lookups: Lookups = {
      lookups: lookupsIn(world),
      incidents,
      perMinute,
      injected,
      areLookupsQuiet: isQuiet || sparesLookups,
    };
    const checked = await checkAll({ world: started, incidents, merges: planned, isQuiet });
    const problems = [...answered, ...checkLookups(lookups), ...checked];
    return { faults: countsOf(injected), isMerging, lookups, problems };
  } finally {
    await started.host.stop();
    await services.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function settingsOf(random: Random, perMinute: number): Record<string, string> {
  return {
    INTEZER_ALERTS: random.oneOf(["off", "listen", "submit", "submit"]),
    INTEZER_URLS: random.oneOf(["true", "false"]),
    ...random.oneOf([
      {},
      {
        VIRUSTOTAL_REQUESTS_PER_MINUTE: String(perMinute),
        VIRUSTOTAL_REQUESTS_PER_DAY: "0",
        VIRUSTOTAL_REQUESTS_PER_MONTH: "0",
      },
    ]),
    FIRST_COMMENT_SECONDS: random.oneOf(["30", "300"]),
    COMMENT_WHEN: random.oneOf(["indicators", "always"]),
    RESULTS_TABLE: "on",
  };
}

/** The app asks the key for its quota; the first readings may fail. */
function failQuotaReadings({ random, services }: Omit<World, "host">, isOn: () => boolean): void {
  const match = ({ path }: SimulatorRequest) => isOn() && path.endsWith("/overall_quotas");
  const json = { error: { code: "TransientError", message: "injected" } };
  const fault = random.oneOf<Fault>([{ status: 503, json }, { status: 403, json }, "dropBefore", "cutOff"]);
  services.virustotal.script({ match, fault, times: random.oneOf([0, 0, 1, 3]) });
}

const requestCount = ({ virustotal, intezer, sentinel }: Services) =>
  virustotal.requests.length + intezer.requests.length + sentinel.requests.length;
