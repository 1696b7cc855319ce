import { createContextSource } from "../../clients/log-analytics/context-source";
import { createLogReader } from "../../clients/log-analytics/log-reader";
import type { Indicator } from "../../domain/indicators/indicator";
import { logKinds, logNames, partsFor } from "../../domain/report/context";
import type { Access } from "../deployment/access";
import type { Line } from "./line";

/** One of each kind that is in no log: what counts is that the queries are run. */
const unseen: readonly Indicator[] = [
  { kind: "file", value: "c".repeat(64) },
  { kind: "url", value: "https://npm-run-check.invalid/" },
  { kind: "domain", value: "npm-run-check.invalid" },
  { kind: "address", value: "192.0.2.1" },
];

/** Whether the logs can be searched for sightings, and which of them the workspace has. */
export async function checkSightings(
  { config, credential, timeoutMs }: Access,
  scope: string,
): Promise<Line> {
  const name = "sightings";
  const { sightings, logAnalyticsEndpoint: endpoint } = config;
  if (!sightings) return { name, state: "off", text: "SIGHTINGS=off" };
  const source = createContextSource(createLogReader({ endpoint, credential, timeoutMs }));
  const { context } = await source.read({
    incident: { scope, incidentId: "00000000-0000-4000-8000-000000000000" },
    indicators: unseen,
    parts: partsFor(unseen),
    days: sightings.days,
    timeoutMs,
  });
  const [gap] = context.gaps;
  if (gap) return { name, state: "failed", text: gap.reason ?? "Log Analytics did not answer in time." };
  const isPresent = new Set(Object.values(context.logs).flat());
  const namesOf = (present: boolean) =>
    logKinds.filter((log) => isPresent.has(log) === present).map((log) => logNames[log]);
  const [present, missing] = [namesOf(true), namesOf(false)];
  return {
    name,
    state: present.length > 0 ? "ok" : "off",
    text: [
      ...(present.length > 0 ? [`logs of ${present.join(", ")} can be searched`] : []),
      ...(missing.length > 0
        ? [`there are none of ${missing.join(", ")} in the last ${sightings.days} days`]
        : []),
    ].join("; "),
  };
}
