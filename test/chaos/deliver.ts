import { postIncident } from "../../commands/run-client";
import { scheduleAdditions } from "./additions";
import { killApp, listen } from "./app";
import { reconcile, scheduleMerges } from "./merges";
import type { PlannedMerge, Raised, World } from "./world";

/** Faults end some time before the patience of the app: writes to Sentinel succeed in the end. */
export const faultySeconds = 30 * 60;
/** Only so that a story which goes on for ever has an end. */
const longestStoryMs = 120_000;

export interface Plot {
  readonly incidents: readonly Raised[];
  readonly merges: readonly PlannedMerge[];
  /** A pass of reconciliation follows when all has ended. */
  readonly isReconciled: boolean;
  readonly isTimeToKill: () => boolean;
}

/**
 * Sends every incident once or more in the same moment, as relays do; kills the host when it is time to, and waits until
 * nothing is left to happen. Returns what was wrong with the answers.
 */
export async function deliver(
  world: World,
  { incidents, merges, isReconciled, isTimeToKill }: Plot,
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
      await killApp(world);
    }
  };
  await settle();
  if (isReconciled) {
    await reconcile(world, startedAt + faultySeconds * 1000);
    await settle();
  }
  return problems;
}

function post({ host, services }: World, armId: string) {
  return postIncident(host.origin, services.sentinel.triggerBody(armId));
}

/** Asks the task hub whether anything is left that runs; throws when a story does not end. */
function untilNothingRuns(world: World, left: () => number): () => Promise<boolean> {
  const giveUpAt = performance.now() + longestStoryMs;
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
