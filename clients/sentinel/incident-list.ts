import type { TokenCredential } from "@azure/core-auth";
import { z } from "zod";
import { done } from "../../domain/attempt";
import type { IncidentQuery, ListedIncident, ListIncidents } from "../../domain/incident/incident-store";
import { defined } from "../../domain/json";
import { createArm, failureFrom, unreadable } from "./arm";
import { incidentFrom } from "./arm-id";
import { alertCount, labels as labelList, mergedFields, mergeOf, wholeNumber } from "./wire";

/** Maximum page size (learn.microsoft.com/azure/sentinel/sentinel-service-limits). */
const mostPerPage = 1000;
/** No list needs more pages; a list whose links form a circle ends here. */
const mostPages = 200;

const refusals = {
  403: "Incidents may not be read: grant the role Microsoft Sentinel Reader (the app needs Microsoft Sentinel Responder) on the workspace, which takes effect after a few minutes.",
  404: "The workspace has no Microsoft Sentinel, or does not exist: check SENTINEL_WORKSPACES.",
};

const text = z.string().catch("");
const instant = z.iso.datetime({ offset: true }).transform((at) => Date.parse(at));
const incident = z.object({
  id: z.string(),
  properties: z.object({
    incidentNumber: wholeNumber.catch(0),
    severity: text,
    status: text,
    createdTimeUtc: instant,
    lastModifiedTimeUtc: instant.optional().catch(undefined),
    additionalData: mergedFields
      .extend({
        commentsCount: wholeNumber.catch(0),
        alertsCount: alertCount.optional().catch(undefined),
      })
      .nullish()
      .catch(undefined),
    labels: labelList.catch([]).nullish(),
  }),
});

/** An unreadable incident does not hide the others. */
const page = z.object({
  value: z.array(incident.optional().catch(undefined)),
  nextLink: z.string().optional().catch(undefined),
});

/** The property to filter by, and the order: the oldest changes first, so that a list that ends early has no gap. */
const queries: Readonly<Record<IncidentQuery["by"], readonly [property: string, order: string]>> = {
  createdAt: ["properties/createdTimeUtc", "desc"],
  changedAt: ["properties/lastModifiedTimeUtc", "asc"],
};

/** Throws for an endpoint that is not safe to use. */
export function createIncidentList(options: {
  /** Base URL of Azure Resource Manager. Plain HTTP to this machine needs no token. */
  readonly endpoint: string;
  readonly credential: TokenCredential;
  /** For one page. */
  readonly timeoutMs: number;
}): ListIncidents {
  const arm = createArm(options);
  return async (scope, { by, since, most }) => {
    const [property, order] = queries[by];
    const filter = `${property} ge ${new Date(since).toISOString()}`;
    const wanted = { filter, orderby: `${property} ${order}`, top: Math.min(most, mostPerPage) };
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
  const { incidentNumber, severity, status, additionalData, ...at } = listed.properties;
  const labels = listed.properties.labels ?? [];
  const merge = mergeOf(status, additionalData ?? {}, labels);
  return [
    {
      ref,
      number: incidentNumber,
      severity,
      status,
      tags: labels.map(({ labelName }) => labelName),
      commentsCount: additionalData?.commentsCount ?? 0,
      ...defined({ mergedInto: merge?.into, alertsCount: additionalData?.alertsCount }),
      createdAt: at.createdTimeUtc,
      changedAt: at.lastModifiedTimeUtc ?? at.createdTimeUtc,
    },
  ];
}
