import { convert } from "html-to-text";
import { postIncident } from "../../commands/run-client";
import type { RunOutput } from "../../domain/run/run";
import type { IncidentSeed } from "../../local/simulators/sentinel-incidents";
import type { Simulator, SimulatorRequest } from "../../local/simulators/simulator";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import type { Enricher } from "./enricher";
import { address, domain } from "./entities";

const { cleanAddress, maliciousDomain } = knownToVirusTotal;
export const threat: IncidentSeed = { fromDefender: true, entities: [domain(maliciousDomain)] };
export const harmless: IncidentSeed = { fromDefender: true, entities: [address(cleanAddress)] };
const verdictTags = ["threat-found", "threat-suspected", "verdict-unknown", "no-known-threat"];

export const guidOf = (armId: string) => String(armId.split("/").at(-1));
const text = (html: string) => convert(html, { wordwrap: false });
export const threatShown = maliciousDomain.replaceAll(".", "[.]");

/** Two incidents, of which a story merges the first into the other. */
export function addPair({ services: { sentinel } }: Enricher) {
  return { source: sentinel.addIncident(threat), target: sentinel.addIncident(harmless) };
}

/** An incident as an analyst sees it, with the output of its last run. */
export async function look({ services, origin }: Enricher, armId: string) {
  const { comments, tags, writes } = services.sentinel.incident(armId);
  const response = await fetch(
    `${origin}/runtime/webhooks/durabletask/instances/sentinel-${guidOf(armId)}?showInput=false`,
  );
  const run = response.status === 404 ? undefined : ((await response.json()) as { output: RunOutput });
  return {
    texts: comments.map(({ html }) => text(html)),
    ids: comments.map(({ id }) => id),
    tags,
    writes,
    output: run?.output as RunOutput,
  };
}

/** Calls once when a request comes for which it is time, before it is answered. */
export function when(simulator: Simulator, isTime: (request: SimulatorRequest) => boolean, act: () => void) {
  let isDone = false;
  const match = (request: SimulatorRequest) => {
    if (!isDone && isTime(request)) {
      isDone = true;
      act();
    }
    return false;
  };
  simulator.script({ match, fault: "hang" });
}

/** The nth request of a kind. */
export function nth(count: number, isOne: (request: SimulatorRequest) => boolean) {
  let seen = 0;
  return (request: SimulatorRequest) => isOne(request) && ++seen === count;
}

export const isReadOf = (armId: string) => (request: SimulatorRequest) =>
  request.method === "GET" && request.path.endsWith(`/incidents/${guidOf(armId)}`);
export const isCommentIn = (armId: string) => (request: SimulatorRequest) =>
  request.method === "PUT" && request.path.includes(`${guidOf(armId)}/comments/`);

/** Posts the incident, with nothing happening before the app has answered. */
export async function post({ services, origin, clock }: Enricher, armId: string, prepare = () => {}) {
  const release = clock.hold();
  prepare();
  await postIncident(origin, services.sentinel.triggerBody(armId));
  release();
}

export const verdictsIn = (tags: readonly string[]) => tags.filter((tag) => verdictTags.includes(tag));

/** As Sentinel numbers it. */
export function numberOf({ services }: Enricher, armId: string): unknown {
  return services.sentinel.incident(armId).properties.incidentNumber;
}
