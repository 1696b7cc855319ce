import type { AlertIndex, IncidentStore } from "../domain/incident/incident-store";
import type { Screening, Watchlist } from "../domain/indicators/screening";
import type { ContextSource } from "../domain/report/context";
import type { TriageService } from "../domain/report/triage";
import type { ResultsSink } from "../domain/results/results-sink";
import { type ConsultOutside, createConsult } from "./consult";
import { createFindIncident, createReadAlert, offerTriage } from "./deliver-triage";
import { createFetchIncident } from "./fetch-incident";
import { createPostAddendum } from "./post-addendum";
import { createPostComment, type Printer } from "./post-comment";
import { createReadContext } from "./read-context";
import { createRecall } from "./recall";
import { createIngestRows, createStartResults } from "./send-results";
import { startRun, watchEntities } from "./start-run";
import { createSubmitAlert } from "./submit-alert";
import { createTagIncident } from "./tag-incident";

interface Outside extends ConsultOutside, Printer {
  readonly incidents: IncidentStore;
  readonly alerts: AlertIndex;
  /** The workspace's own logs. */
  readonly context: ContextSource;
  /** Absent if Intezer has no key. */
  readonly triage: TriageService | undefined;
  /** What is never sent to a provider. */
  readonly screening: Screening;
  /** What analysts add to the screening. */
  readonly watchlist: Watchlist | undefined;
  readonly results: ResultsSink;
  /** Ids of providers whose answers are a simulator's. */
  readonly simulated: readonly string[];
}

/** Every activity of the app; the keys are the registered names. */
export function createActivities(outside: Outside) {
  const { incidents, alerts, triage, screening, watchlist, results } = outside;
  return {
    fetchIncident: createFetchIncident(incidents, screening, watchlist),
    submitAlert: createSubmitAlert(triage, incidents),
    consult: createConsult(outside),
    readContext: createReadContext(outside.context),
    recall: createRecall(outside),
    readAlert: createReadAlert(triage),
    findIncident: createFindIncident(alerts),
    startRun,
    watchEntities,
    startResults: createStartResults(outside),
    ingestRows: createIngestRows(results),
    offerTriage,
    postComment: createPostComment(incidents, outside),
    postAddendum: createPostAddendum(incidents, outside),
    tagIncident: createTagIncident(incidents),
  };
}

export type Activities = ReturnType<typeof createActivities>;
