import type { Clock } from "../../local/clock";
import type { LocalHost } from "../../local/host/local-host";
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
  readonly items: readonly PoolItem[];
  /** Set by somebody else while the run is under way. */
  readonly tagsOfOthers: readonly string[];
}
