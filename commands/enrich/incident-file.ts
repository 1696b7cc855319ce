import { z } from "zod";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import { addressFrom } from "../../domain/indicators/address";
import { domainFrom } from "../../domain/indicators/domain-name";
import { hashFrom } from "../../domain/indicators/hash";
import type { EntitySeed, IncidentSeed } from "../../local/simulators/sentinel-incidents";

/** An incident that a file holds. */
export interface FiledIncident {
  readonly seed: IncidentSeed;
  /** ARM id of its workspace; absent when the file is a list of indicators. */
  readonly workspace?: string;
}

/** What is used of a trigger body: everything else about the incident is of no use to a lookup. */
const triggerBody = z.object({
  object: z.object({
    id: z.string().refine((id) => incidentFrom(id) !== undefined),
    properties: z.object({
      title: z.string().default("Incident of a file"),
      severity: z.string().default("Medium"),
      incidentNumber: z.number().optional().catch(undefined),
      relatedEntities: z.array(z.looseObject({ kind: z.string() })).default([]),
    }),
  }),
});

/**
 * Reads the body of a Sentinel incident trigger (JSON), or a list with one hash, address, domain or URL per line; `#`
 * begins a comment. Throws an error that says what is wrong with the file.
 */
export function filedIncidentFrom(text: string): FiledIncident {
  return text.trimStart().startsWith("{") ? fromTriggerBody(text) : { seed: fromList(text) };
}

function fromTriggerBody(text: string): FiledIncident {
  const body = triggerBody.safeParse(jsonFrom(text)).data?.object;
  if (!body) throw new Error("The file is no trigger body: object.id has to be the ARM id of an incident.");
  const { relatedEntities, incidentNumber, ...properties } = body.properties;
  const [workspace = "", id = ""] = body.id.split(/\/providers\/Microsoft\.SecurityInsights\/incidents\//i);
  return {
    workspace,
    seed: {
      ...properties,
      ...(incidentNumber === undefined ? {} : { incidentNumber }),
      id: id.replace(/\/$/, ""),
      entities: relatedEntities,
    },
  };
}

function jsonFrom(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("The file begins as JSON does, but is no JSON.");
  }
}

function fromList(text: string): IncidentSeed {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const entities = lines.flatMap((line, i) => (/^(#|$)/.test(line) ? [] : [entityFrom(line, i + 1)]));
  if (entities.length === 0) throw new Error("The file names no indicator.");
  return { title: "Indicators of a file", entities };
}

/** The first that can read a line makes the entity of it; whether it is looked up is the app's to say. */
const readers: readonly ((line: string) => EntitySeed | undefined)[] = [
  (line) => {
    const hash = hashFrom(line, "");
    return hash.kind === "hash"
      ? { kind: "FileHash", properties: { hashValue: hash.value, algorithm: hash.algorithm.toUpperCase() } }
      : undefined;
  },
  (line) =>
    isReadable(addressFrom(line), "no valid address")
      ? { kind: "Ip", properties: { address: line } }
      : undefined,
  (line) =>
    /^[^\s/]+\/\S*$|^h\S{3,4}\[?:/i.test(line) ? { kind: "Url", properties: { url: line } } : undefined,
  (line) =>
    isReadable(domainFrom(line), "no valid domain name")
      ? { kind: "DnsResolution", properties: { domainName: line } }
      : undefined,
];

const isReadable = (reading: ReturnType<typeof domainFrom>, otherwise: string) =>
  reading.kind === "lookup" || reading.reason !== otherwise;

function entityFrom(line: string, number: number): EntitySeed {
  for (const read of readers) {
    const entity = read(line);
    if (entity) return entity;
  }
  throw new Error(`Line ${number} of the file is no hash, address, domain or URL.`);
}
