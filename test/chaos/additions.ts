import type { Addition, Raised, World } from "./world";

/** Looks that often whether an incident has its first tags, and a relay posts again after so long. */
const pauseMs = 10_000;

/** Adds to the incidents what is to come late. Returns how many additions are still to be made. */
export function scheduleAdditions(world: World, incidents: readonly Raised[]): () => number {
  let left = 0;
  const { clock, services } = world;
  const raisedAt = clock.now();
  for (const { armId, addition } of incidents) {
    if (!addition) continue;
    left++;
    const add = async () => {
      const living = services.sentinel.survivorOf(armId);
      services.sentinel.addEntities(living, addition.item.entities);
      if (addition.isAnnounced) await announce(world, living);
      left--;
    };
    const wait = () => {
      if (addition.after === "raised" || isTagged(world, armId))
        clock.alarm(dueAt(addition, clock.now(), raisedAt), add);
      else clock.alarm(clock.now() + pauseMs, wait);
    };
    wait();
  }
  return () => left;
}

/** By then its run, or that of the incident which took over, has commented. */
export function isTagged({ services: { sentinel } }: World, armId: string): boolean {
  return sentinel.incident(sentinel.survivorOf(armId)).tags.includes("enriched");
}

function dueAt({ after, seconds }: Addition, now: number, raisedAt: number): number {
  return (after === "raised" ? raisedAt : now) + seconds * 1000;
}

/** Posts the update of an added alert until the app takes it: it may be dead at the moment. */
async function announce(world: World, armId: string): Promise<void> {
  const { clock, services } = world;
  const updates = { alerts: [{}], updatedBy: { source: "AlertGrouping", name: "Alert grouping" } };
  for (;;) {
    const release = clock.hold();
    const status = await postBody(world, services.sentinel.triggerBody(armId, "Update", updates));
    if (status === 202) return release();
    await new Promise<void>((rung) => {
      clock.alarm(clock.now() + pauseMs, rung);
      release();
    });
  }
}

export async function postBody({ host }: World, body: object): Promise<number | undefined> {
  try {
    const response = await fetch(`${host.origin}/api/incidents`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return response.status;
  } catch {
    return undefined;
  }
}
