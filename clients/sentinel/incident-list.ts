import type { TokenCredential } from "@azure/core-auth";
import { z } from "zod";
import { type Attempt, done } from "../../domain/attempt";
import type { IncidentRef } from "../../domain/incident/incident";
import { defined } from "../../domain/json";
import { createArm } from "./arm";
import { incidentFrom } from "./arm-id";
import { failureFrom, unreadable } from "./failure";
import { wholeNumber } from "./wire";

/** An incident as it stands in the list of its workspace. */
export interface ListedIncident {
  readonly ref: IncidentRef;
  readonly number: number;
  readonly severity: string;
  readonly status: string;
  readonly tags: readonly string[];
  readonly commentsCount: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

interface IncidentQuery {
  /** Epoch milliseconds; only incidents created then or later. */
  readonly since: number;
  /** Ends the list after so many, newest first. */
  readonly most: number;
}

/** The incidents of a workspace, newest first. */
type ListIncidents = (scope: string, query: IncidentQuery) => Promise<Attempt<readonly ListedIncident[]>>;

/** More than this no page holds (learn.microsoft.com/azure/sentinel/sentinel-service-limits). */
const mostPerPage = 1000;
/** No list that is wanted has more; one whose links lead round in a circle ends here. */
const mostPages = 200;

const refusals = {
  403: "Incidents may not be read: grant the role Microsoft Sentinel Reader (the app needs Microsoft Sentinel Responder) on the workspace, which takes effect after some minutes.",
  404: "The workspace has no Microsoft Sentinel, or does not exist: check SENTINEL_WORKSPACES.",
};

const text = z.string().catch("");
const incident = z.object({
  id: z.string(),
  properties: z.object({
    incidentNumber: wholeNumber.catch(0),
    severity: text,
    status: text,
    createdTimeUtc: z.iso.datetime({ offset: true }),
    additionalData: z
      .object({ commentsCount: wholeNumber.catch(0) })
      .nullish()
      .catch(undefined),
    labels: z
      .array(z.object({ labelName: text }))
      .catch([])
      .nullish(),
  }),
});

/** One incident that cannot be read does not hide the others. */
const page = z.object({
  value: z.array(incident.optional().catch(undefined)),
  nextLink: z.string().optional().catch(undefined),
});

/** Throws for an endpoint that is not safe to use. */
export function createIncidentList(options: {
  /** Base URL of Azure Resource Manager. Plain HTTP to this machine is asked without a token. */
  readonly endpoint: string;
  readonly credential: TokenCredential;
  /** For one page. */
  readonly timeoutMs: number;
}): ListIncidents {
  const arm = createArm(options);
  return async (scope, { since, most }) => {
    const filter = `properties/createdTimeUtc ge ${new Date(since).toISOString()}`;
    const wanted = { filter, orderby: "properties/createdTimeUtc desc", top: Math.min(most, mostPerPage) };
    const incidents: ListedIncident[] = [];
    let continuationToken: string | undefined;
    for (let pages = 0; pages < mostPages; pages++) {
      const from = defined({ continuationToken });
      const answer = await arm.within(scope, AbortSignal.timeout(options.timeoutMs), (client, target, call) =>
        client.incidents
          .list(...target, { ...wanted, ...call })
          .byPage(from)
          .next(),
      );
      if (answer.kind === "fault" || answer.status !== 200) return failureFrom(answer, refusals);
      const { data } = page.safeParse(answer.body);
      if (!data) return unreadable;
      incidents.push(...data.value.flatMap(listedFrom));
      continuationToken = data.nextLink;
      if (continuationToken === undefined || incidents.length >= most) break;
    }
    return done(incidents.slice(0, most));
  };
}

function listedFrom(listed: z.infer<typeof page>["value"][number]): readonly ListedIncident[] {
  const ref = listed && incidentFrom(listed.id);
  if (!ref) return [];
  const { properties } = listed;
  return [
    {
      ref,
      number: properties.incidentNumber,
      severity: properties.severity,
      status: properties.status,
      tags: (properties.labels ?? []).map(({ labelName }) => labelName),
      commentsCount: properties.additionalData?.commentsCount ?? 0,
      createdAt: Date.parse(properties.createdTimeUtc),
    },
  ];
}
