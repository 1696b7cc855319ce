import type { Clock } from "../clock";
import { lockFolder } from "../folder-lock";
import type { FunctionApp } from "../function-app";
import { startEngine } from "./engine";
import type { RuntimeFaults } from "./faults";
import { apply, type Instances } from "./instances";
import { noJournal, openJournal } from "./journal";
import { createLinks } from "./links";
import { createManagementApi } from "./management-api";
import type { Manage } from "./management-http";

export interface TaskHubOptions {
  readonly app: FunctionApp;
  readonly clock: Clock;
  /** Folder of the journal; absent: nothing is kept. */
  readonly dataFolder?: string;
  /** Task hub's name, from host.json `extensions.durableTask.hubName`. */
  readonly name: string;
  /** Host and port that links in answers name, e.g. `127.0.0.1:7071`. */
  readonly authority: () => string;
  /** Key that links carry as `code`; absent: they carry none. Calls are not checked for it. */
  readonly key?: string;
  /** Version of new instances, from host.json `extensions.durableTask.defaultVersion`; absent: they have none. */
  readonly orchestrationVersion?: string;
  /** How many activities run side by side; default 32. */
  readonly maxConcurrentActivities?: number;
  /** The journal is compacted when it grows beyond this; default 16 MiB. */
  readonly compactFromBytes?: number;
  /** Instances that ended longer ago are dropped when the journal is compacted; default 30 days. */
  readonly retentionMs?: number;
  /**
   * Called when the journal cannot be written (a full disk); its message is for people. Whatever is tried afterwards
   * fails, and nothing continues without a new process.
   */
  readonly onJournalFailure?: (error: Error) => void;
  /** What tests of orchestrators ask for; absent: none. */
  readonly faults?: RuntimeFaults;
}

const mebibyte = 2 ** 20;
const dayMs = 24 * 3600_000;

/** Durable Functions on one machine: executes the app's orchestrations and serves the management API. */
export interface TaskHub {
  /** The value of a `durableClient` input binding (extension `Bindings/BindingHelper.cs`). */
  clientBinding(): string;
  readonly manage: Manage;
  /** Ends when nothing is running; with a journal everything up to here is on disk. */
  stop(): Promise<void>;
}

/**
 * Opens the hub and takes up what an earlier process left in `dataFolder`: activities without result run again,
 * timers are set again. Throws when another process uses the folder, and when the journal cannot be read.
 */
export async function openTaskHub(options: TaskHubOptions): Promise<TaskHub> {
  const { app, clock, name, authority, key } = options;
  const links = createLinks({ authority, hubName: name, ...(key === undefined ? {} : { key }) });
  const orchestrationVersion = options.orchestrationVersion ?? null;
  const { instances, journal, release } = await openStore(options);
  const engine = startEngine({
    app,
    clock,
    journal,
    instances,
    orchestrationVersion,
    maxConcurrentActivities: options.maxConcurrentActivities ?? 32,
    retentionMs: options.retentionMs ?? 30 * dayMs,
    faults: options.faults ?? {},
    clientBinding: links.clientBinding,
  });
  return {
    clientBinding: links.clientBinding,
    manage: createManagementApi({
      engine,
      clock,
      links,
      orchestrationVersion,
      startGap: options.faults?.startGap,
    }),
    async stop() {
      await engine.stop();
      release();
    },
  };
}

/** Instances of an earlier process and the journal that keeps them, locked for this process until `release`. */
async function openStore({ dataFolder, name, compactFromBytes, onJournalFailure }: TaskHubOptions) {
  const instances: Instances = new Map();
  if (dataFolder === undefined) return { instances, journal: noJournal, release: () => {} };
  const { release } = await lockFolder(dataFolder);
  try {
    const journal = openJournal({
      folder: dataFolder,
      name,
      largeFromBytes: compactFromBytes ?? 16 * mebibyte,
      restore: (commit) => apply(instances, commit),
      onFailure: onJournalFailure ?? (() => {}),
    });
    return { instances, journal, release };
  } catch (error) {
    release();
    throw error;
  }
}
