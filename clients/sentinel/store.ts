import type { TokenCredential } from "@azure/core-auth";
import type { z } from "zod";
import type { Attempt } from "../../domain/attempt";
import type { IncidentRef } from "../../domain/incident/incident";
import type { IncidentComment, IncidentStore, WrittenComment } from "../../domain/incident/incident-store";
import type { HttpAnswer } from "../http";
import { createArm, loadSdk } from "./arm";
import { conflict, failureFrom, unreadable } from "./failure";
import {
  commentPageSchema,
  entitiesSchema,
  incidentSchema,
  resourceSchema,
  writableIncidentSchema,
} from "./wire";

interface SentinelStoreOptions {
  /** Base URL of Azure Resource Manager. Plain HTTP to this machine is asked without a token. */
  readonly endpoint: string;
  readonly credential: TokenCredential;
  /** For one operation of the store with all its requests, where the caller does not say. */
  readonly timeoutMs: number;
}

/**
 * A margin below the 30,000 characters that Sentinel takes, since nobody says how it counts.
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
  400: "Microsoft Sentinel does not take the comment: it may have 30,000 characters at most. Of comments the incident has fewer than it may have.",
};

/** Incidents of Microsoft Sentinel, through Azure Resource Manager. Throws for an endpoint that is not safe to use. */
export function createSentinelStore(options: SentinelStoreOptions): IncidentStore {
  const arm = createArm(options);

  return {
    limits,
    linkHosts,

    async readIncident(ref, timeoutMs) {
      const answer = await arm.about(ref, await signal(timeoutMs), (client, target, call) =>
        client.incidents.get(...target, call),
      );
      return readingFrom(answer, incidentSchema);
    },

    async readEntities(ref, timeoutMs) {
      const answer = await arm.about(ref, await signal(timeoutMs), (client, target, call) =>
        client.incidents.listEntities(...target, call),
      );
      return readingFrom(answer, entitiesSchema);
    },

    async readComments(ref, timeoutMs) {
      const timeout = await signal(timeoutMs);
      const comments: IncidentComment[] = [];
      let continuationToken: string | undefined;
      do {
        const page = continuationToken === undefined ? {} : { continuationToken };
        const answer = await arm.about(ref, timeout, (client, target, call) =>
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
      return { kind: "done", value: comments };
    },

    async writeComment(ref, { id, message }) {
      const timeout = await signal();
      const read = () =>
        arm.about(ref, timeout, (client, target, call) => client.incidentComments.get(...target, id, call));
      const present = await read();
      if (isResource(present)) return { kind: "done", value: "alreadyThere" };
      if (!hasStatus(present, 404)) return failureFrom(present);

      const written = await arm.about(ref, timeout, (client, target, call) =>
        client.incidentComments.createOrUpdate(...target, id, { message }, call),
      );
      if (isResource(written)) return { kind: "done", value: "written" };
      if (hasStatus(written, 400)) return refusedComment(ref, timeout, written);
      if (!hasStatus(written, 409)) return failureFrom(written, commentRefusals);
      return isResource(await read()) ? { kind: "done", value: "alreadyThere" } : conflict;
    },

    async changeTags(ref, change) {
      const timeout = await signal();
      const answer = await arm.about(ref, timeout, (client, target, call) =>
        client.incidents.get(...target, call),
      );
      const reading = readingFrom(answer, writableIncidentSchema);
      if (reading.kind !== "done") return reading;
      const { body, tags } = reading.value;
      const wanted = change(tags);
      if (sameTags(tags, wanted)) return { kind: "done", value: tags };

      const labels = wanted.map((labelName) => ({ labelName }));
      const written = await arm.about(ref, timeout, (client, target, call) =>
        client.incidents.createOrUpdate(...target, { ...body, labels }, call),
      );
      if (isResource(written)) return { kind: "done", value: wanted };
      return hasStatus(written, 409, 412) ? { kind: "done", value: "conflict" } : failureFrom(written);
    },
  };

  /** Nobody has published what the answer to the 101st comment looks like, so the incident is asked. */
  async function refusedComment(
    ref: IncidentRef,
    timeout: AbortSignal,
    refusal: HttpAnswer,
  ): Promise<Attempt<WrittenComment>> {
    const answer = await arm.about(ref, timeout, (client, target, call) =>
      client.incidents.get(...target, call),
    );
    const incident = readingFrom(answer, incidentSchema);
    if (incident.kind !== "done") return incident;
    const isFull = incident.value.commentsCount >= limits.commentsPerIncident;
    return isFull ? { kind: "done", value: "full" } : failureFrom(refusal, commentRefusals);
  }

  /** The load of the SDK, with the first operation, takes none of its time. */
  async function signal(timeoutMs = options.timeoutMs): Promise<AbortSignal> {
    await loadSdk();
    return AbortSignal.timeout(timeoutMs);
  }
}

function readingFrom<T>(answer: HttpAnswer, schema: z.ZodType<T>): Attempt<T> {
  if (!isSuccess(answer)) return failureFrom(answer);
  const { data } = schema.safeParse(answer.kind === "answer" ? answer.body : undefined);
  return data === undefined ? unreadable : { kind: "done", value: data };
}

function hasStatus(answer: HttpAnswer, ...statuses: readonly number[]): boolean {
  return answer.kind === "answer" && statuses.includes(answer.status);
}

/** A success that shows the resource: a proxy's page with status 200 is no proof that anything was read or written. */
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
