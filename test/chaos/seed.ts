import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postIncident } from "../../commands/run-client";
import { skippingClock } from "../../local/clock";
import { appIn, type LocalHost, startLocalHost } from "../../local/host/local-host";
import { packageRoot } from "../../local/host/package-root";
import { localKeys, type Services, startServices } from "../../local/simulators/services";
import type { Fault, SimulatorRequest } from "../../local/simulators/simulator";
import { scheduleAdditions } from "./additions";
import { checkAll, type Observed } from "./checks";
import { type FaultCounts, injectFaults, noFaults } from "./faults";
import { drawMerges, reconcile, scheduleMerges, sendUpdates } from "./merges";
import { raise } from "./raise";
import { createRandom, type Random } from "./random";
import type { PlannedMerge, Raised, World } from "./world";

interface SeedResult {
  readonly seed: number;
  readonly faults: FaultCounts;
  readonly wasKilled: boolean;
  /** What an analyst or operator would complain about. */
  readonly problems: readonly string[];
}

/** Faults end some time before the patience of the app: writes to Sentinel succeed in the end. */
const faultySeconds = 30 * 60;
/** Only so that a story which goes on for ever has an end. */
const longestSeedMs = 120_000;

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
    const { virustotal, intezer, sentinel, logAnalytics, logIngestion, tables } = services;
    const simulators = { virustotal, intezer, sentinel, logAnalytics, logIngestion, tables };
    const probability = random.oneOf([0, 0.05, 0.15, 0.3]);
    // Before other faults: what the first readings show is for the first ones only.
    const isMerging = random.isTrue(0.5);
    const incidents = raise(started, isMerging);
    const merges = isMerging ? drawMerges(random, incidents) : [];
    if (isMerging && random.isTrue(0.5)) sendUpdates(started, random.between(300, 600) * 1000);
    const faults = injectFaults(simulators, probability, seed, isOn);
    failQuotaReadings(world, isOn);
    const wasKilled = random.isTrue(0.5);
    const killAfter = wasKilled ? random.between(2, 60) : Number.POSITIVE_INFINITY;
    const isTimeToKill = () => requestCount(services) >= killAfter;
    const problems = await deliver(started, incidents, merges, isTimeToKill);
    const observed: Observed = { world: started, incidents, merges, perMinute, isQuiet: probability === 0 };
    return { seed, faults, wasKilled, problems: [...problems, ...(await checkAll(observed))] };
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
      ...(random.isTrue(0.5) ? { startGap: nextTurn } : {}),
    },
    log: (_level, _name, _id, text) => void log.push(text),
  });
}

const nextTurn = () => new Promise<void>((done) => setImmediate(done));

/** The app asks the key for its quota; the first readings may fail. */
function failQuotaReadings({ random, services }: Omit<World, "host">, isOn: () => boolean): void {
  const match = ({ path }: SimulatorRequest) => isOn() && path.endsWith("/overall_quotas");
  const json = { error: { code: "TransientError", message: "injected" } };
  const fault = random.oneOf<Fault>([{ status: 503, json }, { status: 403, json }, "dropBefore", "cutOff"]);
  services.virustotal.script({ match, fault, times: random.oneOf([0, 0, 1, 3]) });
}

const requestCount = ({ virustotal, intezer, sentinel }: Services) =>
  virustotal.requests.length + intezer.requests.length + sentinel.requests.length;

/**
 * Sends every incident once or more in the same moment, as relays do; kills the host when it is time to, and waits until
 * nothing is left to happen. Returns what was wrong with the answers.
 */
async function deliver(
  world: World,
  incidents: readonly Raised[],
  merges: readonly PlannedMerge[],
  isTimeToKill: () => boolean,
): Promise<readonly string[]> {
  listen(world);
  const startedAt = world.clock.now();
  const release = world.clock.hold();
  const additionsLeft = scheduleAdditions(world, incidents);
  const mergesLeft = scheduleMerges(world, merges);
  const isTarget = ({ armId }: Raised) => merges.some(({ target }) => target.armId === armId);
  const problems: string[] = [];
  for (const incident of incidents) {
    const times = world.random.oneOf([1, 2, 3, 10]);
    const answers = await Promise.all(Array.from({ length: times }, () => post(world, incident.armId)));
    const starts = answers.filter(({ duplicate }) => !duplicate).length;
    // One that another was merged into may be enriched already.
    if (starts !== 1 && !isTarget(incident))
      problems.push(`${starts} of ${times} simultaneous triggers are no duplicate`);
  }
  release();
  let isKilled = false;
  const settle = async () => {
    const hasEnded = untilNothingRuns(world, () => additionsLeft() + mergesLeft());
    while (!(await hasEnded())) {
      if (isKilled || !isTimeToKill()) continue;
      isKilled = true;
      await kill(world);
    }
  };
  await settle();
  if (merges.length > 0) {
    await reconcile(world, startedAt + faultySeconds * 1000);
    await settle();
  }
  return problems;
}

function listen({ services, host, random }: World): void {
  const url = `${host.origin}/api/webhooks/intezer`;
  services.intezer.setWebhook({ url, authorization: localKeys.webhook, times: random.between(1, 3) });
}

function post({ host, services }: World, armId: string) {
  return postIncident(host.origin, services.sentinel.triggerBody(armId));
}

/** The engine is abandoned with whatever it is doing, and a new one opens a copy of its journal. */
async function kill(world: World): Promise<void> {
  const release = world.clock.hold();
  const next = join(world.folder, "1");
  world.services.intezer.setWebhook(undefined);
  // The lock dies with its process, which here lives on.
  const filter = (path: string) => !/\.lock-\d+$/.test(path);
  await world.host.abandon(() => cpSync(join(world.folder, "0"), next, { recursive: true, filter }));
  world.host = await startHost(world, next);
  listen(world);
  release();
}

/** Asks the task hub whether anything is left that runs; throws when a story does not end. */
function untilNothingRuns(world: World, left: () => number): () => Promise<boolean> {
  const giveUpAt = performance.now() + longestSeedMs;
  return async () => {
    if (performance.now() > giveUpAt) throw new Error(`Left open: ${JSON.stringify(await openRuns(world))}`);
    await new Promise((done) => setTimeout(done, 10));
    return left() === 0 && (await openRuns(world)).length === 0;
  };
}

async function openRuns({ host }: World): Promise<readonly unknown[]> {
  const query = "runtimeStatus=Running,Pending&showInput=false";
  const response = await fetch(`${host.origin}/runtime/webhooks/durabletask/instances?${query}`);
  return (await response.json()) as unknown[];
}
