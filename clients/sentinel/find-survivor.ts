import { type Attempt, done } from "../../domain/attempt";
import {
  type Incident,
  type IncidentRef,
  type Merge,
  type Survivor,
  sameIncident,
} from "../../domain/incident/incident";
import type { createArm } from "./arm";
import { incidentFrom } from "./arm-id";
import { failureFrom, unreadable } from "./failure";
import { incidentPageSchema } from "./wire";

/** No incident is merged that often; numbers that lead round in a circle end sooner. */
const mostSteps = 5;

/** Follows a merge, over as many steps as it was repeated, within the signal's time. */
export async function findSurvivor(
  arm: ReturnType<typeof createArm>,
  from: IncidentRef,
  merge: Merge,
  signal: AbortSignal,
): Promise<Attempt<Survivor | undefined>> {
  const passed = [from.incidentId];
  let { into, ref: named } = merge;
  while (into !== undefined && passed.length <= mostSteps) {
    const found = await findByNumber(arm, from.scope, into, signal);
    if (found.kind !== "done") return found;
    if (!found.value || passed.includes(found.value.ref.incidentId)) return done(undefined);
    const { ref, incident } = found.value;
    if (named && !sameIncident(named, ref)) return done(undefined);
    if (!incident.merge) {
      return done({ ref, number: incident.number, commentsCount: incident.commentsCount });
    }
    passed.push(ref.incidentId);
    ({ into, ref: named } = incident.merge);
  }
  return done(undefined);
}

type Found = { readonly ref: IncidentRef; readonly incident: Incident } | undefined;

/**
 * Numbers are of one workspace. What the list shows is compared, since a filter that is not applied must lead to no
 * other incident.
 */
async function findByNumber(
  arm: ReturnType<typeof createArm>,
  scope: string,
  number: number,
  signal: AbortSignal,
): Promise<Attempt<Found>> {
  const filter = `properties/incidentNumber eq ${number}`;
  const answer = await arm.within(scope, signal, (client, target, call) =>
    client.incidents
      .list(...target, { filter, ...call })
      .byPage()
      .next(),
  );
  if (answer.kind === "fault" || answer.status !== 200) return failureFrom(answer);
  const { data: listed } = incidentPageSchema.safeParse(answer.body);
  if (!listed) return unreadable;
  const incident = listed.find((each) => each.number === number);
  const ref = incident && incidentFrom(incident.id);
  return done(incident && ref?.scope === scope ? { ref, incident } : undefined);
}
