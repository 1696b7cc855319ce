import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { skippingClock } from "../../local/clock";
import { appIn, type LocalHost, startLocalHost } from "../../local/host/local-host";
import { packageRoot } from "../../local/host/package-root";
import { localKeys, type Services, startServices } from "../../local/simulators/services";
import { checkAll, type Observed } from "./checks";
import { type FaultCounts, injectFaults, noFaults } from "./faults";
import { pool } from "./pool";
import { createRandom, type Random } from "./random";
import type { Raised, World } from "./world";

interface SeedResult {
  readonly seed: number;
  readonly faults: FaultCounts;
  readonly wasKilled: boolean;
  /** What an analyst or operator would complain about. */
  readonly problems: readonly string[];
}

/** Faults end some time before the patience of the app: writes to Sentinel succeed in the end. */
const faultySeconds = 30 * 60;
const longestSeedMs = 20_000;

/** One random story: incidents, settings, faults, the engine's faults, and in half of the seeds a kill. */
export async function runSeed(seed: number): Promise<SeedResult> {
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
  const started: World = { ...world, host: await startHost(world, join(folder, "0")) };
  try {
    const startedAt = clock.now();
    const isOn = () => clock.now() < startedAt + faultySeconds * 1000;
    const { virustotal, intezer, sentinel, logAnalytics, tables } = services;
    const simulators = { virustotal, intezer, sentinel, logAnalytics, tables };
    const faults = injectFaults(simulators, random.oneOf([0, 0.05, 0.15, 0.3]), seed, isOn);
    const incidents = raise(started);
    const wasKilled = random.isTrue(0.5);
    const killAfter = wasKilled ? random.between(2, 60) : Number.POSITIVE_INFINITY;
    await deliver(started, incidents, () => requestCount(services) >= killAfter);
    await settle(started);
    const observed: Observed = { world: started, incidents, perMinute };
    return { seed, faults, wasKilled, problems: await checkAll(observed) };
  } catch (error) {
    return {
      seed,
      faults: noFaults(),
      wasKilled: false,
      problems: [String(error)],
    };
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
    VIRUSTOTAL_REQUESTS_PER_MINUTE: String(perMinute),
    VIRUSTOTAL_REQUESTS_PER_DAY: "0",
    VIRUSTOTAL_REQUESTS_PER_MONTH: "0",
    FIRST_COMMENT_SECONDS: random.oneOf(["30", "300"]),
    COMMENT_WHEN: random.oneOf(["indicators", "always"]),
  };
}

function startHost(world: Omit<World, "host">, dataFolder: string): Promise<LocalHost> {
  const { random, clock, services, settings, log } = world;
  return startLocalHost({
    ...appIn(packageRoot),
    clock,
    dataFolder,
    settings: { ...services.settings, ...settings },
    faults: {
      seed: random.between(0, 2 ** 31),
      earlyTimers: random.isTrue(0.5),
      loseEventsAtPending: random.isTrue(0.5),
      runActivitiesTwice: random.isTrue(0.3),
      shuffleResults: random.isTrue(0.5),
      pauseMs: random.oneOf([0, 0, 500]),
    },
    log: (_level, _name, _id, text) => void log.push(text),
  });
}

function raise({ random, services }: World): Raised[] {
  return Array.from({ length: random.between(1, 4) }, () => {
    const items = random.someOf(pool);
    const entities = items.flatMap((item) => item.entities);
    const id = guidFrom(random);
    const armId = services.sentinel.addIncident({ id, entities, lateReads: random.oneOf([0, 0, 0, 1, 2]) });
    const tagsOfOthers = Array.from({ length: random.between(0, 2) }, (_, i) => `other-${i}`);
    for (const tag of tagsOfOthers) services.sentinel.tagAfterRead(armId, tag);
    return { armId, items, tagsOfOthers };
  });
}

function guidFrom(random: Random): string {
  const digits = Array.from({ length: 32 }, () => random.between(0, 15).toString(16)).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const requestCount = ({ virustotal, intezer, sentinel }: Services) =>
  virustotal.requests.length + intezer.requests.length + sentinel.requests.length;

/** Sends every incident once or more, as relays do, until it is accepted; kills the host when it is time to. */
async function deliver(
  world: World,
  incidents: readonly Raised[],
  isTimeToKill: () => boolean,
): Promise<void> {
  listen(world);
  const release = world.clock.hold();
  for (const { armId } of incidents) {
    for (let times = world.random.between(1, 3); times > 0; times--) await post(world, armId);
  }
  release();
  const hasEnded = untilNothingRuns(world);
  while (!(await hasEnded())) {
    if (isTimeToKill()) return kill(world);
  }
}

function listen({ services, host, random }: World): void {
  const url = `${host.origin}/api/webhooks/intezer`;
  services.intezer.setWebhook({ url, authorization: localKeys.webhook, times: random.between(1, 3) });
}

async function post({ host, services }: World, armId: string): Promise<void> {
  const response = await fetch(`${host.origin}/api/incidents`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(services.sentinel.triggerBody(armId)),
  });
  if (response.status !== 202) throw new Error(`The app answered ${response.status} to an incident.`);
}

/** The engine is abandoned with whatever it is doing, and a new one opens a copy of its journal. */
async function kill(world: World): Promise<void> {
  const release = world.clock.hold();
  const next = join(world.folder, "1");
  world.services.intezer.setWebhook(undefined);
  await world.host.abandon(() => cpSync(join(world.folder, "0"), next, { recursive: true }));
  world.host = await startHost(world, next);
  listen(world);
  release();
}

async function settle(world: World): Promise<void> {
  const hasEnded = untilNothingRuns(world);
  while (!(await hasEnded()));
}

/** Asks the task hub whether anything is left that runs; gives up when a seed takes longer than any should. */
function untilNothingRuns(world: World): () => Promise<boolean> {
  const giveUpAt = performance.now() + longestSeedMs;
  return async () => {
    if (performance.now() > giveUpAt) throw new Error("Runs were left open.");
    await new Promise((done) => setTimeout(done, 10));
    const open = `${world.host.origin}/runtime/webhooks/durabletask/instances?runtimeStatus=Running,Pending&showInput=false`;
    return ((await (await fetch(open)).json()) as unknown[]).length === 0;
  };
}
