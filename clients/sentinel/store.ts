import type { TokenCredential } from "@azure/core-auth";
import type { z } from "zod";
import { type Attempt, again, done } from "../../domain/attempt";
import type { Entity } from "../../domain/incident/entity";
import {
  type Incident,
  type IncidentRef,
  type Merge,
  type Survivor,
  sameIncident,
} from "../../domain/incident/incident";
import type { IncidentComment, IncidentStore, WrittenComment } from "../../domain/incident/incident-store";
import { defined } from "../../domain/json";
import type { HttpAnswer } from "../http";
import { type Arm, createArm, failureFrom, loadSdk, unreadable } from "./arm";
import { incidentFrom } from "./arm-id";
import {
  commentPageSchema,
  entitiesSchema,
  incidentPageSchema,
  incidentSchema,
  resourceSchema,
  writableIncidentSchema,
} from "./wire";

interface SentinelStoreOptions {
  /** Base URL of Azure Resource Manager. Plain HTTP to this machine needs no token. */
  readonly endpoint: string;
  readonly credential: TokenCredential;
  /** Default for one operation of the store with all its requests. */
  readonly timeoutMs: number;
}

/**
 * Below the 30,000 characters that Sentinel accepts, since how it counts them is not documented.
 * https://learn.microsoft.com/azure/sentinel/sentinel-service-limits
 */
const limits = { commentLength: 29_000, commentsPerIncident: 100, shortCommentsFrom: 90 };

/** Microsoft's portals, in all of its clouds. */
const linkHosts = [
  "portal.azure.com",
  "portal.azure.us",
  "portal.azure.cn",
  "security.microsoft.com",
  "security.microsoft.us",
  "security.apps.mil",
];

const commentRefusals = {
  400: "Microsoft Sentinel does not accept the comment, although the incident has room for more: a comment may have at most 30,000 characters.",
};

/** One request about the incident of an operation, within the operation's time. */
type Ask = (call: Parameters<Arm["about"]>[2]) => Promise<HttpAnswer>;

/** Incidents of Microsoft Sentinel, through Azure Resource Manager. Throws for an endpoint that is not safe to use. */
export function createSentinelStore(options: SentinelStoreOptions): IncidentStore {
  const arm = createArm(options);

  const operation = async (ref: IncidentRef, timeoutMs = options.timeoutMs): Promise<Ask> => {
    // Loading the SDK, with the first operation, does not count towards the operation's time.
    await loadSdk();
    const signal = AbortSignal.timeout(timeoutMs);
    return (call) => arm.about(ref, signal, call);
  };

  return {
    limits,
    linkHosts,
    readIncident: async (ref, timeoutMs) => readIncident(await operation(ref, timeoutMs)),
    readEntities: async (ref, timeoutMs) => readEntities(await operation(ref, timeoutMs)),
    readComments: async (ref, timeoutMs) => readComments(await operation(ref, timeoutMs)),
    writeComment: async (ref, comment) => writeComment(await operation(ref), comment),
    changeTags: async (ref, change, choice) => changeTags(await operation(ref), change, choice),
    async findSurvivor(ref, merge, timeoutMs = options.timeoutMs) {
      await loadSdk();
      return findSurvivor(arm, ref, merge, AbortSignal.timeout(timeoutMs));
    },
  };
}

async function readIncident(ask: Ask): Promise<Attempt<Incident>> {
  return readingFrom(
    await ask((client, target, call) => client.incidents.get(...target, call)),
    incidentSchema,
  );
}

async function readEntities(ask: Ask): Promise<Attempt<readonly Entity[]>> {
  const answer = await ask((client, target, call) => client.incidents.listEntities(...target, call));
  return readingFrom(answer, entitiesSchema);
}

async function readComments(ask: Ask): Promise<Attempt<readonly IncidentComment[]>> {
  const comments: IncidentComment[] = [];
  let continuationToken: string | undefined;
  do {
    const page = defined({ continuationToken });
    const answer = await ask((client, target, call) =>
      client.incidentComments
        .list(...target, call)
        .byPage(page)
        .next(),
    );
    const reading = readingFrom(answer, commentPageSchema);
    if (reading.kind !== "done") return reading;
    comments.push(...reading.value.comments);
    continuationToken = reading.value.nextLink;
  } while (continuationToken !== undefined);
  return done(comments);
}

async function writeComment(ask: Ask, { id, message }: IncidentComment): Promise<Attempt<WrittenComment>> {
  const read = () => ask((client, target, call) => client.incidentComments.get(...target, id, call));
  const present = await read();
  if (isResource(present)) return done("alreadyThere");
  if (!hasStatus(present, 404)) return failureFrom(present);

  const written = await ask((client, target, call) =>
    client.incidentComments.createOrUpdate(...target, id, { message }, call),
  );
  if (isResource(written)) return done("written");
  if (hasStatus(written, 400)) return refusedComment(ask, written);
  if (!hasStatus(written, 409)) return failureFrom(written, commentRefusals);
  return isResource(await read()) ? done("alreadyThere") : again("Another writer came first.");
}

/** Sentinel's answer to the 101st comment is not documented, so the comments are counted. */
async function refusedComment(ask: Ask, refusal: HttpAnswer): Promise<Attempt<WrittenComment>> {
  const incident = await readIncident(ask);
  if (incident.kind !== "done") return incident;
  const isFull = incident.value.commentsCount >= limits.commentsPerIncident;
  return isFull ? done("full") : failureFrom(refusal, commentRefusals);
}

async function changeTags(
  ask: Ask,
  change: Parameters<IncidentStore["changeTags"]>[1],
  { evenMerged = false }: Parameters<IncidentStore["changeTags"]>[2] = {},
): ReturnType<IncidentStore["changeTags"]> {
  const answer = await ask((client, target, call) => client.incidents.get(...target, call));
  const reading = readingFrom(answer, writableIncidentSchema);
  if (reading.kind !== "done") return reading;
  const { body, tags, merge } = reading.value;
  if (merge && !evenMerged) return done({ merge });
  const wanted = change(tags);
  if (sameTags(tags, wanted)) return done(tags);

  const labels = wanted.map((labelName) => ({ labelName }));
  const written = await ask((client, target, call) =>
    client.incidents.createOrUpdate(...target, { ...body, labels }, call),
  );
  if (isResource(written)) return done(wanted);
  return hasStatus(written, 409, 412) ? done("conflict") : failureFrom(written);
}

function readingFrom<T>(answer: HttpAnswer, schema: z.ZodType<T>): Attempt<T> {
  if (!isSuccess(answer)) return failureFrom(answer);
  const { data } = schema.safeParse(answer.kind === "answer" ? answer.body : undefined);
  return data === undefined ? unreadable : done(data);
}

function hasStatus(answer: HttpAnswer, ...statuses: readonly number[]): boolean {
  return answer.kind === "answer" && statuses.includes(answer.status);
}

/**
 * Whether the answer shows the resource: a proxy's page with status 200 does not prove that anything was read or
 * written.
 */
function isResource(answer: HttpAnswer): boolean {
  return isSuccess(answer) && answer.kind === "answer" && resourceSchema.safeParse(answer.body).success;
}

function isSuccess(answer: HttpAnswer): boolean {
  return hasStatus(answer, 200, 201);
}

function sameTags(a: readonly string[], b: readonly string[]): boolean {
  const key = (tags: readonly string[]) => JSON.stringify(tags.map((tag) => tag.toLowerCase()).sort());
  return key(a) === key(b);
}

/** No incident is merged more often; circles end sooner. */
const mostSteps = 5;

/** Follows a merge, and further merges after it, until the signal. */
async function findSurvivor(
  arm: Arm,
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
 * Numbers are unique within one workspace. The number is compared again, so that a filter that was not applied cannot lead
 * to another incident.
 */
async function findByNumber(
  arm: Arm,
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
