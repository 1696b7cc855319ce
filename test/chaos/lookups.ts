import { grouped } from "../../domain/text";
import { hourMs } from "../../domain/time";
import type { SimulatorRequest } from "../../local/simulators/simulator";
import type { InjectedFault } from "./faults";
import type { PoolItem } from "./pool";
import type { Raised, World } from "./world";

/** A request for a report at VirusTotal. */
export interface Lookup {
  readonly path: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The lookups of one story. */
export interface Lookups {
  readonly lookups: readonly Lookup[];
  readonly incidents: readonly Raised[];
  /** VirusTotal's quota; 0: none. */
  readonly perMinute: number;
  readonly injected: readonly InjectedFault[];
  /** No call of VirusTotal, the cache or the quota ledger failed, but for readings of the quota. */
  readonly areLookupsQuiet: boolean;
}

export function lookupsIn({ services: { virustotal } }: Pick<World, "services">): readonly Lookup[] {
  const isLookup = ({ path }: SimulatorRequest) => !path.includes("/users/");
  return virustotal.requests.filter(isLookup).map(({ path, at }) => ({ path, at }));
}

/** What must hold, whether incidents are merged or not. */
export function checkLookups(story: Lookups): string[] {
  return [...checkQuota(story), ...checkOwners(story), ...checkRepeats(story)];
}

const minuteMs = 60_000;

function checkQuota({ lookups, perMinute }: Lookups): string[] {
  if (perMinute === 0) return [];
  const times = lookups.map(({ at }) => at);
  const over = times.findIndex((at, i) => at - (times[i - perMinute] ?? Number.NEGATIVE_INFINITY) < minuteMs);
  if (over < 0) return [];
  const start = times[over - perMinute] ?? 0;
  const seconds = times.slice(over - perMinute, over + 1).map((at) => (at - start) / 1000);
  return [`VirusTotal was asked more than ${perMinute} times in a minute, at ${seconds.join(", ")} s`];
}

function checkOwners({ lookups, incidents }: Lookups): string[] {
  const items = incidents.flatMap((incident) => incident.items);
  return pathsOf(lookups)
    .filter((path) => !items.some((item) => isAbout(path, item)))
    .map((path) => `VirusTotal was asked for ${path}, which no incident has`);
}

/**
 * An answer is kept for an hour at least, and no run asks while another one does: however often incidents are enriched.
 * Only a lookup that failed, or whose answer the cache may have missed, is made again.
 */
function checkRepeats({ lookups, injected }: Lookups): string[] {
  const faults = injected.filter(({ kind }) => kind !== "delay");
  const hasFailed = (first: Lookup, second: Lookup) =>
    faults.some(({ simulator, request: { path, body, at } }) =>
      simulator === "virustotal"
        ? path === first.path && at === first.at
        : simulator === "tables" &&
          `${path} ${body}`.includes(cacheTable) &&
          at >= first.at &&
          at <= second.at,
    );
  return grouped(lookups, ({ path }) => path).flatMap((same) =>
    same.slice(1).flatMap((second, i) => {
      const first = same[i];
      if (!first || second.at - first.at >= hourMs || hasFailed(first, second)) return [];
      return [
        `VirusTotal was asked for ${second.path} again after ${(second.at - first.at) / 1000} s, and no fault is why`,
      ];
    }),
  );
}

const cacheTable = "EnricherLookUps";

/** VirusTotal gets the same lookups with merges as without. Which hash names a file may depend on them. */
export function checkSameLookups(merged: Lookups, unmerged: Lookups): string[] {
  const [these, those] = [subjectsOf(merged), subjectsOf(unmerged)];
  return [
    ...these.filter((each) => !those.includes(each)).map((each) => `${each} is looked up with merges only`),
    ...those
      .filter((each) => !these.includes(each))
      .map((each) => `${each} is looked up without merges only`),
  ];
}

const pathsOf = (lookups: readonly Lookup[]) => [...new Set(lookups.map(({ path }) => path))];

function subjectsOf({ lookups, incidents }: Lookups): readonly string[] {
  const items = incidents.flatMap((incident) => incident.items);
  const subjectOf = (path: string) => items.find((item) => isAbout(path, item))?.values[0] ?? path;
  return [...new Set(pathsOf(lookups).map(subjectOf))];
}

/** VirusTotal calls a URL by its base64 form. */
const isAbout = (path: string, { values }: PoolItem) =>
  values.some((value) =>
    [value, Buffer.from(value).toString("base64url")].some((id) => path.endsWith(`/${id}`)),
  );
