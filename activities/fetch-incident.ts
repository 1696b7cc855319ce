import { type Attempt, done } from "../domain/attempt";
import { hasMail } from "../domain/incident/entity";
import {
  type FollowedMerge,
  type Incident,
  type IncidentRef,
  mostDefenderEntities,
} from "../domain/incident/incident";
import type { IncidentStore } from "../domain/incident/incident-store";
import { indicatorsFrom } from "../domain/indicators/from-entities";
import type { Indicator, LeftOut } from "../domain/indicators/indicator";
import {
  type Screening,
  type UnreadWatchlist,
  type Watchlist,
  type WatchlistReading,
  withWatchlist,
  wrongRowsText,
} from "../domain/indicators/screening";
import { defined } from "../domain/json";
import { briefReadMs, followMerge, type Invocation } from "./invocation";

interface FetchIncidentInput {
  readonly incident: IncidentRef;
  readonly later?: LaterReading;
}

/** How to read an incident again. */
export interface LaterReading {
  /** The incident's etag at the first reading. An incident that has not changed has no new entities. */
  readonly etag?: string;
  /** Sentinel is throttling: read the entities only if the incident has changed. */
  readonly sparingly: boolean;
}

export interface FetchedIncident {
  readonly incident: Incident;
  readonly indicators: readonly Indicator[];
  readonly leftOut: readonly LeftOut[];
  /** The entities include emails. */
  readonly hasMail: boolean;
  /** Present if the analysts' list of allowed indicators could not be read, now or earlier. */
  readonly watchlistUnread?: UnreadWatchlist;
  /** Present if the incident was merged. If the remaining incident was found, nothing else of this one is read. */
  readonly merge?: FollowedMerge;
}

/**
 * Reads the incident and its entities: the trigger's body is only a hint, and often incomplete. Reads of entities are
 * scarce (100 per subscription in 5 minutes), reads of incidents are not. An unchanged incident whose entities are not
 * read again is returned without any.
 */
export function createFetchIncident(incidents: IncidentStore, screening: Screening, watchlist?: Watchlist) {
  return async (input: FetchIncidentInput, invocation: Invocation): Promise<Attempt<FetchedIncident>> => {
    const { incident: ref, later } = input;
    const isUnchanged = ({ etag }: Incident) => later?.etag !== undefined && later.etag === etag;
    const reading = incidents.readIncident(ref, later && briefReadMs);
    const before = later?.sparingly ? await reading : undefined;
    if (before?.kind === "done" && isUnchanged(before.value)) return done(nothingRead(before.value));

    const [read, entities, list] = await Promise.all([
      reading,
      incidents.readEntities(ref, later && briefReadMs),
      watchlist?.read(ref.scope),
    ]);
    if (read.kind !== "done") return read;
    const followed = await mergeOf(ref, read.value, invocation);
    if (followed.kind !== "done") return followed;
    const merge = followed.value;
    if (merge?.survivor) return done({ ...nothingRead(read.value), merge });
    if (entities.kind === "again" && isUnchanged(read.value)) return done(nothingRead(read.value));
    if (entities.kind !== "done") return entities;
    if (list?.isNew) logWatchlist(list, invocation.log);
    const { indicators, leftOut } = indicatorsFrom(entities.value, withWatchlist(screening, list));
    invocation.log("Read the incident", {
      incidentId: ref.incidentId,
      entities: entities.value.length,
      indicators: indicators.length,
      leftOut: leftOut.length,
    });
    return done({
      incident: withCut(read.value, entities.value.length),
      indicators,
      leftOut,
      hasMail: hasMail(entities.value),
      ...defined({ merge, watchlistUnread: list && unreadIn(list) }),
    });
  };

  async function mergeOf(
    ref: IncidentRef,
    { merge }: Incident,
    invocation: Invocation,
  ): Promise<Attempt<FollowedMerge | undefined>> {
    return merge ? followMerge(incidents, ref, merge, invocation) : done(undefined);
  }
}

function withCut(incident: Incident, entities: number): Incident {
  const isCut = incident.fromDefender === true && entities === mostDefenderEntities;
  return isCut ? { ...incident, entitiesCut: true } : incident;
}

function unreadIn({ alias, unread }: WatchlistReading): UnreadWatchlist | undefined {
  return unread === undefined ? undefined : { alias, reason: unread };
}

function logWatchlist(list: WatchlistReading, log: Invocation["log"]): void {
  const { alias, failure } = list;
  const wrong = wrongRowsText(list);
  if (failure !== undefined) log("Could not read the watchlist", { alias, reason: failure });
  if (wrong !== undefined) log("Skipped rows of the watchlist", { alias, rows: list.wrong.length, wrong });
}

function nothingRead(incident: Incident): FetchedIncident {
  return { incident, indicators: [], leftOut: [], hasMail: false };
}
