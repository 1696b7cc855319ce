import { type Attempt, done } from "../../domain/attempt";
import type { Incident, IncidentRef, Merge, Survivor } from "../../domain/incident/incident";
import type { createArm } from "./arm";
import { incidentFrom } from "./arm-id";
import { failureFrom, unreadable } from "./failure";
import { incidentPageSchema } from "./wire";

/** No incident is merged more often; circles end sooner. */
const mostSteps = 5;

/** Follows a merge, and further merges after it, until the signal. */
export async function findSurvivor(
  arm: ReturnType<typeof createArm>,
  from: IncidentRef,
  merge: Merge,
  signal: AbortSignal,
): Promise<Attempt<Survivor | undefined>> {
  const passed = [from.incidentId];
  let { into } = merge;
  while (into !== undefined && passed.length <= mostSteps) {
    const found = await findByNumber(arm, from.scope, into, signal);
    if (found.kind !== "done") return found;
    if (!found.value || passed.includes(found.value.ref.incidentId)) return done(undefined);
    const { ref, incident } = found.value;
    if (!incident.merge) {
      return done({ ref, number: incident.number, commentsCount: incident.commentsCount });
    }
    passed.push(ref.incidentId);
    into = incident.merge.into;
  }
  return done(undefined);
}

type Found = { readonly ref: IncidentRef; readonly incident: Incident } | undefined;

/**
 * Numbers are unique within one workspace. The number is compared again, so that a filter that was not applied cannot lead
 * to another incident.
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
