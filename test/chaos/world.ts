import type { Clock } from "../../local/clock";
import type { LocalHost } from "../../local/host/local-host";
import type { MergeOptions } from "../../local/simulators/sentinel-merges";
import type { Services } from "../../local/simulators/services";
import type { PoolItem } from "./pool";
import type { Random } from "./random";

/** Where a story happens. */
export interface World {
  readonly random: Random;
  readonly clock: Clock;
  readonly services: Services;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: string[];
  /** Data of the hosts, one folder after the other. */
  readonly folder: string;
  host: LocalHost;
}

/** An incident of a story. */
export interface Raised {
  readonly armId: string;
  /** What it holds in the end. */
  readonly items: readonly PoolItem[];
  /** That of its items which comes later than the others. */
  readonly addition: Addition | undefined;
  /** Set by another writer while the run is under way. */
  readonly tagsOfOthers: readonly string[];
}

/** A merge of one raised incident into another one, or into what has taken that one over. */
export interface PlannedMerge {
  readonly source: Raised;
  readonly target: Raised;
  readonly how: MergeOptions;
  /** Seconds after both were raised (0: before anything else), or after the source's first tags. */
  readonly after: "raised" | "tagged";
  readonly seconds: number;
}

/** Something that comes into an incident which is being enriched, or was. */
export interface Addition {
  readonly item: PoolItem;
  /** With the update event of an added alert, or without any, as entities of mail and Defender incidents may come. */
  readonly isAnnounced: boolean;
  /** Seconds after the incident was raised, or after its first tags. */
  readonly after: "raised" | "tagged";
  readonly seconds: number;
}
