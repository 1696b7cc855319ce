import { isTagged, postBody } from "./additions";
import type { Random } from "./random";
import type { PlannedMerge, Raised, World } from "./world";

const pauseMs = 10_000;

/** Merges among the incidents of a story: one, or two of which the second may continue the first. */
export function drawMerges(random: Random, incidents: readonly Raised[]): readonly PlannedMerge[] {
  const [first, second, third] = incidents;
  if (!first || !second) return [];
  const pairs = [
    [second, first],
    ...(third && random.isTrue(0.5)
      ? [
          random.oneOf([
            [third, first],
            [first, third],
          ] as const),
        ]
      : []),
  ] as const;
  return pairs.map(([source, target]): PlannedMerge => {
    const after = random.oneOf(["raised", "raised", "tagged"] as const);
    return {
      source,
      target,
      after,
      seconds: after === "raised" ? random.oneOf([0, 1, 5, 40, 90, 200]) : random.between(0, 1_500),
      how: {
        shownBy: random.oneOf(["both", "number", "label"]),
        alertsAfterSeconds: random.oneOf([0, 0, 20, 400]),
        tagsAfterSeconds: random.oneOf([0, 0, 30, 500]),
      },
    };
  });
}

/** Makes the merges when it is time. Returns how many are still to be made, with what is on its way. */
export function scheduleMerges(world: World, merges: readonly PlannedMerge[]): () => number {
  const { clock } = world;
  let left = merges.length;
  for (const planned of merges) {
    const { source, after, seconds } = planned;
    const merge = () => {
      mergeNow(world, planned);
      // The story is not over before everything has moved.
      clock.alarm(clock.now() + movingMs(planned), () => left--);
    };
    const wait = () => {
      if (isTagged(world, source.armId)) clock.alarm(clock.now() + seconds * 1000, merge);
      else clock.alarm(clock.now() + pauseMs, wait);
    };
    if (after === "tagged") wait();
    else if (seconds === 0) merge();
    else clock.alarm(clock.now() + seconds * 1000, merge);
  }
  return () => left;
}

function movingMs({ how: { alertsAfterSeconds = 0, tagsAfterSeconds = 0 } }: PlannedMerge): number {
  return Math.max(alertsAfterSeconds, tagsAfterSeconds) * 1000 + 1;
}

/** Into whatever has taken the target over; nothing where that is the source itself. */
function mergeNow({ services: { sentinel } }: World, { source, target, how }: PlannedMerge): void {
  const living = sentinel.survivorOf(target.armId);
  if (sentinel.survivorOf(source.armId) === source.armId && living !== source.armId)
    sentinel.merge(source.armId, living, how);
}

/** An automation rule on updates: what changes within some minutes arrives as one, and only while the app is there. */
export function sendUpdates(world: World, withinMs: number): void {
  const send = (body: object) => {
    const release = world.clock.hold();
    void postBody(world, body).then(release);
  };
  world.services.sentinel.setUpdateRule({ send, withinMs });
}

/** The incidents that live, each with those that were merged into it. */
export function groupsOf(
  { services: { sentinel } }: World,
  incidents: readonly Raised[],
): readonly { readonly living: Raised; readonly members: readonly Raised[] }[] {
  return incidents
    .filter(({ armId }) => sentinel.survivorOf(armId) === armId)
    .map((living) => ({
      living,
      members: incidents.filter(({ armId }) => sentinel.survivorOf(armId) === living.armId),
    }));
}

/** Longer than from one pass of reconciliation to the next. */
const passMs = 16 * 60_000;

/** One pass of reconciliation, with services that answer: after `from`. */
export async function reconcile({ clock }: World, from: number): Promise<void> {
  await new Promise<void>((passed) => {
    clock.alarm(Math.max(clock.now(), from) + passMs, passed);
  });
}
