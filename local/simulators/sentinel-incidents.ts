import { randomUUID } from "node:crypto";
import type { Clock } from "../clock";

/** An entity as `listEntities` shows it; what is left out (id, name, type) is filled in, what is there stays as it is. */
export interface EntitySeed {
  readonly kind: string;
  /** GUID; `File.fileHashEntityIds` may name it. */
  readonly name?: string;
  readonly properties?: unknown;
  readonly [field: string]: unknown;
}

/** An incident to begin with. Every other field is one of the incident's `properties` as Sentinel shows them. */
export interface IncidentSeed {
  /** GUID; drawn when absent. */
  readonly id?: string;
  readonly title?: string;
  readonly entities?: readonly EntitySeed[];
  /** How many reads of the entities find none yet. */
  readonly lateReads?: number;
  /** How many entities the next reads show, one after the other; entities come late, and may be gone again. */
  readonly shownOnReads?: readonly number[];
  /** Default 1. More than 150 are not shown. */
  readonly alerts?: number;
  /** Of the Defender portal: with a number and an address there. */
  readonly fromDefender?: boolean;
  /** Comments that analysts wrote before. */
  readonly comments?: readonly string[];
  /** Tags that people set. */
  readonly tags?: readonly string[];
  /** Number of the incident this one was merged into: closed, with a tag that says so, and without entities. */
  readonly mergedInto?: number;
  readonly additionalData?: Readonly<Record<string, unknown>>;
  readonly [property: string]: unknown;
}

export interface Label {
  readonly labelName: string;
  readonly labelType: "User" | "AutoAssigned";
}

export interface StoredComment {
  readonly id: string;
  message: string;
  etag: string;
  readonly createdTimeUtc: string;
  lastModifiedTimeUtc: string;
  readonly author: Readonly<Record<string, string | null>>;
}

export interface StoredIncident {
  readonly armId: string;
  readonly id: string;
  etag: string;
  properties: Readonly<Record<string, unknown>>;
  readonly number: number;
  additionalData: Readonly<Record<string, unknown>>;
  labels: readonly Label[];
  entities: readonly unknown[];
  /** GUIDs. */
  alertIds: readonly string[];
  /** That one it was merged into while the simulator ran. */
  mergedInto?: StoredIncident;
  readonly comments: StoredComment[];
  lateReads: number;
  readonly shownOnReads: number[];
  /** Tags another writer sets, one after each read of the incident. */
  readonly pendingTags: string[];
  readonly writes: { comments: number; tags: number };
}

/** What the Defender portal tags the source of a merge with. */
export const redirected: Label = { labelName: "Redirected", labelType: "AutoAssigned" };

export const addedAlerts: Change = {
  alerts: [{}],
  updatedBy: { source: "AlertGrouping", name: "Alert grouping" },
};

const analyst = {
  objectId: "89496bb2-c782-5438-b5e0-e39664bb9920",
  email: "sam.lee@example.com",
  name: "Sam Lee",
  userPrincipalName: "sam.lee@example.com",
};
const enricher = {
  objectId: "e1eca8f1-70ed-5ee3-ac09-da549ecf8ab2",
  email: null,
  name: "func-enricher",
  userPrincipalName: null,
};

const noOwner = { objectId: null, email: null, assignedTo: null, userPrincipalName: null };

/** What an update event says of a change: its `incidentUpdates`. */
export type Change = Readonly<Record<string, unknown>>;

/** The incidents of one workspace, by GUID. */
export function createIncidents(
  workspace: string,
  clock: Clock,
  onChange: (incident: StoredIncident, change: Change) => void = () => {},
) {
  const incidents = new Map<string, StoredIncident>();
  const provider = `${workspace}/providers/Microsoft.SecurityInsights`;
  const nowText = () => new Date(clock.now()).toISOString();
  let changes = 0;
  const nextEtag = () => `"${hex(++changes)}-0000-0d00-0000-${hex(clock.now() / 1000)}0000"`;

  const entityFrom = (seed: EntitySeed) => {
    const name = seed.name ?? randomUUID();
    return { id: `${provider}/Entities/${name}`, name, type: "Microsoft.SecurityInsights/Entities", ...seed };
  };
  const commentFrom = (id: string, message: string, author: StoredComment["author"]): StoredComment => {
    const at = nowText();
    return { id, message, author, etag: nextEtag(), createdTimeUtc: at, lastModifiedTimeUtc: at };
  };

  return {
    find: (id: string) => incidents.get(id.toLowerCase()),
    all: (): readonly StoredIncident[] => [...incidents.values()],

    add(seed: IncidentSeed): StoredIncident {
      const { id = randomUUID(), entities = [], lateReads = 0, comments = [], tags = [] } = seed;
      const { shownOnReads = [], alerts = 1, fromDefender = false } = seed;
      const { additionalData = {}, mergedInto, labels, ...properties } = withoutSeedFields(seed);
      const armId = `${provider}/Incidents/${id}`;
      const number = Number(seed.incidentNumber ?? 1001 + incidents.size);
      const others = Array.from({ length: mergedInto === undefined ? alerts - 1 : 0 }, () => randomUUID());
      const incident: StoredIncident = {
        armId,
        id,
        number,
        etag: nextEtag(),
        properties: {
          title: "Suspicious activity",
          severity: "Medium",
          status: "New",
          owner: noOwner,
          firstActivityTimeUtc: nowText(),
          lastActivityTimeUtc: nowText(),
          createdTimeUtc: nowText(),
          lastModifiedTimeUtc: nowText(),
          incidentNumber: number,
          relatedAnalyticRuleIds: [],
          incidentUrl: `https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/Incident${armId}`,
          providerName: "Azure Sentinel",
          providerIncidentId: String(number),
          ...(fromDefender
            ? { providerName: "Microsoft XDR", providerIncidentId: String(defenderNumber(number)) }
            : {}),
          ...(mergedInto === undefined ? {} : { status: "Closed", classification: "Undetermined" }),
          ...properties,
        },
        additionalData: {
          alertProductNames: ["Azure Sentinel"],
          tactics: [],
          techniques: [],
          ...(fromDefender
            ? { providerIncidentUrl: `https://security.microsoft.com/incident2/${defenderNumber(number)}` }
            : {}),
          ...additionalData,
          ...(mergedInto === undefined ? {} : { mergedIncidentNumber: String(mergedInto) }),
        },
        labels: [
          ...((labels as readonly Label[] | undefined) ?? []),
          ...tags.map((labelName): Label => ({ labelName, labelType: "User" })),
          ...(mergedInto === undefined ? [] : [redirected]),
        ],
        alertIds: mergedInto === undefined ? [id, ...others] : [],
        shownOnReads: [...shownOnReads],
        entities: mergedInto === undefined ? entities.map(entityFrom) : [],
        comments: comments.map((message) => commentFrom(randomUUID(), message, analyst)),
        lateReads,
        pendingTags: [],
        writes: { comments: 0, tags: 0 },
      };
      incidents.set(id.toLowerCase(), incident);
      return incident;
    },

    /** Replaces what is writable; what the body leaves out is gone, as far as the service is known. */
    replace(incident: StoredIncident, written: Readonly<Record<string, unknown>>) {
      const owned = Object.entries(incident.properties).filter(([name]) => !writable.includes(name));
      const sent = Object.entries(written).filter(([name]) => writable.includes(name));
      incident.properties = Object.fromEntries([...owned, ...sent]);
      const names = ((written.labels as readonly Label[] | undefined) ?? []).map((label) => label.labelName);
      incident.labels = names.map(
        (labelName) =>
          incident.labels.find((label) => label.labelName === labelName) ?? { labelName, labelType: "User" },
      );
      incident.writes.tags++;
      touch(incident, { labels: names.map((labelName) => ({ labelName })) });
    },

    /** They come to the alerts that are there. */
    addEntities(incident: StoredIncident, entities: readonly EntitySeed[]) {
      incident.entities = [...incident.entities, ...entities.map(entityFrom)];
      touch(incident);
    },

    /** Of alerts that are there already; the incident itself does not change. */
    addLateEntities(incident: StoredIncident, entities: readonly EntitySeed[]) {
      incident.entities = [...incident.entities, ...entities.map(entityFrom)];
    },

    addAlert(incident: StoredIncident, entities: readonly EntitySeed[]) {
      incident.alertIds = [...incident.alertIds, randomUUID()];
      incident.entities = [...incident.entities, ...entities.map(entityFrom)];
      touch(incident, addedAlerts);
    },

    /** A tag that another writer sets. */
    tag(incident: StoredIncident, labelName: string) {
      incident.labels = [...incident.labels, { labelName, labelType: "User" }];
      touch(incident, { labels: [{ labelName }] });
    },

    untag(incident: StoredIncident, labelName: string) {
      incident.labels = incident.labels.filter((label) => label.labelName !== labelName);
      touch(incident);
    },

    putComment(incident: StoredIncident, id: string, message: string): StoredComment {
      const existing = incident.comments.find((comment) => comment.id === id);
      const comment = existing ?? commentFrom(id, message, enricher);
      if (existing) {
        Object.assign(existing, { message, etag: nextEtag(), lastModifiedTimeUtc: nowText() });
      } else incident.comments.push(comment);
      incident.writes.comments++;
      touch(incident, { comments: [{ name: id }] });
      return comment;
    },

    touch,
  };

  function touch(incident: StoredIncident, change: Change = {}) {
    onChange(incident, change);
    incident.etag = nextEtag();
    incident.properties = { ...incident.properties, lastModifiedTimeUtc: nowText() };
  }
}

export type Incidents = ReturnType<typeof createIncidents>;

const writable = [
  "title",
  "description",
  "severity",
  "status",
  "owner",
  "classification",
  "classificationReason",
  "classificationComment",
  "firstActivityTimeUtc",
  "lastActivityTimeUtc",
];

function withoutSeedFields(seed: IncidentSeed) {
  const { id, entities, lateReads, shownOnReads, alerts, fromDefender, comments, tags, ...rest } = seed;
  return rest;
}

/** Another number than Sentinel's own. */
const defenderNumber = (number: number) => 97_000 + number;

function hex(value: number): string {
  return Math.floor(value).toString(16).padStart(8, "0");
}
