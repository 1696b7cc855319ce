import { instantText } from "../../domain/time";
import type { SentinelSimulator } from "../../local/simulators/sentinel";

/** An incident as the page shows it; all text in it is untrusted. */
export interface ShownIncident {
  /** GUID in lower case. */
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly severity: string;
  readonly raised: string;
  readonly tags: readonly string[];
  readonly commentsCount: number;
}

interface ShownComment {
  readonly id: string;
  readonly html: string;
  readonly author: string;
  readonly written: string;
}

interface IncidentBody {
  readonly name: string;
  readonly properties: {
    readonly incidentNumber: number;
    readonly title: string;
    readonly severity: string;
    readonly createdTimeUtc: string;
    readonly labels: readonly { readonly labelName: string }[];
    readonly additionalData: { readonly commentsCount: number };
  };
}

interface CommentBody {
  readonly name: string;
  readonly properties: {
    readonly message: string;
    readonly createdTimeUtc: string;
    readonly author: { readonly name: string | null };
  };
}

const version = "api-version=2025-09-01";

/** Reads incidents over HTTP, as a portal would. */
export function createIncidentReader(sentinel: SentinelSimulator) {
  const read = async (path: string): Promise<unknown> => {
    const response = await fetch(`${sentinel.origin}${path}`);
    if (!response.ok) throw new Error(`Microsoft Sentinel's simulator answered ${response.status}.`);
    return response.json();
  };
  const armIdOf = (id: string) =>
    sentinel.armIds().find((armId) => armId.toLowerCase().endsWith(`/${id.toLowerCase()}`));
  const incidentOf = async (armId: string) =>
    shownIncident((await read(`${armId}?${version}`)) as IncidentBody);

  return {
    /** By GUID; `undefined` when there is no such incident. */
    armIdOf,
    /** The newest first. */
    all: () => Promise.all(sentinel.armIds().toReversed().map(incidentOf)),
    incidentOf,
    /** The one that was raised before it; `undefined` for the first. */
    async after(armId: string): Promise<ShownIncident | undefined> {
      const armIds = sentinel.armIds();
      const previous = armIds[armIds.indexOf(armId) - 1];
      return previous === undefined ? undefined : incidentOf(previous);
    },
    async commentsOf(armId: string): Promise<readonly ShownComment[]> {
      const { value } = (await read(`${armId}/comments?${version}`)) as { value: readonly CommentBody[] };
      return value.map(shownComment);
    },
  };
}

export type IncidentReader = ReturnType<typeof createIncidentReader>;

function shownIncident({ name, properties }: IncidentBody): ShownIncident {
  const { incidentNumber, title, severity, createdTimeUtc, labels, additionalData } = properties;
  return {
    id: name.toLowerCase(),
    number: incidentNumber,
    title,
    severity,
    raised: instantText(Date.parse(createdTimeUtc)),
    tags: labels.map(({ labelName }) => labelName),
    commentsCount: additionalData.commentsCount,
  };
}

function shownComment({ name, properties }: CommentBody): ShownComment {
  const { message, createdTimeUtc, author } = properties;
  return {
    id: name.toLowerCase(),
    html: message,
    author: author.name ?? "unknown",
    written: instantText(Date.parse(createdTimeUtc)),
  };
}
