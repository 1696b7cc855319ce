import { isDeepStrictEqual } from "node:util";
import type { IncidentRef } from "../../domain/incident/incident";
import type { ResultRow } from "../../domain/results/results-table";
import type { RunInput, RunOutput } from "../../domain/run/run";
import type { World } from "./world";

interface RunSeen {
  readonly input: RunInput;
  readonly output: RunOutput;
}

/** The rows of an incident: each of its own id, however often it came, and one for each provider asked about each finding. */
export function checkRows(
  { services }: World,
  { incidentId }: IncidentRef,
  { input, output }: RunSeen,
): string[] {
  const sent = services.logIngestion
    .rows(services.sentinel.workspace)
    .filter((row) => row.IncidentId === incidentId);
  const rows = [...new Map(sent.map((row) => [row.RowId, row])).values()];
  const differing = sent.filter(
    ({ RowId }, i) =>
      !isDeepStrictEqual(
        sent.find((row) => row.RowId === RowId),
        sent[i],
      ),
  );
  const ofRun = rows.filter(({ Run }) => Date.parse(Run) === output.run);
  const first = ofRun.filter(({ Part }) => Part === "first");
  const update = ofRun.filter(({ Part }) => Part === "update");
  const last = update.length > 0 ? update : first;
  // A run that handed over to that of another incident has looked nothing up; a triage may have come for it.
  const isHandedOver = output.tags.length === 0 && output.findings.length === 0;
  if (isHandedOver && ofRun.every(({ Part }) => Part === "addendum")) return [];
  return [
    ...differing.map(({ RowId }) => `row ${RowId} came again with other cells`),
    ...(first.length > 0 ? [] : ["the first part has no rows"]),
    ...(update.length === 0 && first.some(({ Outcome }) => Outcome === "pending")
      ? ["pending lookups have no rows of their end"]
      : []),
    ...differenceOf(last.map(lookupOf), wantedLookups(input, output)),
    ...last
      .filter(({ IncidentVerdict }) => IncidentVerdict !== output.verdict)
      .map(({ IncidentVerdict }) => `a row says ${IncidentVerdict}, and the run ${output.verdict}`),
  ];
}

/** A list of threats without an entry has no row. */
const isOptional = (lookup: string) => lookup.endsWith(" workspace-ti");

function differenceOf(there: readonly string[], wanted: readonly string[]): string[] {
  return [
    ...wanted
      .filter((each) => !isOptional(each) && !there.includes(each))
      .map((each) => `no row is of ${each}`),
    ...there.filter((each) => !wanted.includes(each)).map((each) => `a row is of ${each}`),
    ...(new Set(there).size < there.length ? ["two rows are of the same lookup"] : []),
  ];
}

const lookupOf = ({ IndicatorKind, Indicator, Provider }: ResultRow) =>
  [IndicatorKind, Indicator, Provider].filter(Boolean).join(" ");

/** Of each finding one at each provider that knows its kind, switched off or not; without any finding one of nothing. */
function wantedLookups({ settings }: RunInput, { findings }: RunOutput): readonly string[] {
  if (findings.length === 0) return [""];
  return findings.flatMap(({ kind, value }) =>
    settings.providers
      .filter(({ kinds, off }) => kinds.includes(kind) || off[kind] !== undefined)
      .map(({ id }) => `${kind} ${value} ${id}`),
  );
}
