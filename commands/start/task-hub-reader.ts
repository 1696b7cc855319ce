import type { InstanceStatus } from "./run-history";

/** Reads runs from the management API that Durable Functions Monitor reads too. */
export function createTaskHubReader(appOrigin: string) {
  const instances = `${appOrigin}/runtime/webhooks/durabletask/instances`;
  const read = async (url: string): Promise<unknown> => {
    const response = await fetch(url);
    return response.status === 404 ? undefined : response.json();
  };
  const withPrefix = async (prefix: string) =>
    (await read(`${instances}?instanceIdPrefix=${prefix}`)) as readonly InstanceStatus[];
  const withHistory = async ({ instanceId }: InstanceStatus) =>
    (await read(`${instances}/${instanceId}?showHistory=true&showHistoryOutput=true`)) as InstanceStatus;

  return {
    /** The run of an incident; `undefined` when there has been none. */
    runOf: async (incidentId: string) =>
      (await read(`${instances}/sentinel-${incidentId}`)) as InstanceStatus | undefined,

    /** Everything that ran for an incident, with history: its run, the run's children, deliveries of a triage. */
    async orchestrationsOf(incidentId: string): Promise<readonly InstanceStatus[]> {
      const [run, deliveries] = await Promise.all([
        withPrefix(`sentinel-${incidentId}`),
        withPrefix("triage-"),
      ]);
      const ours = deliveries.filter(({ input }) => incidentIdIn(input) === incidentId);
      return Promise.all([...run, ...ours].map(withHistory));
    },
  };
}

export type TaskHubReader = ReturnType<typeof createTaskHubReader>;

const incidentIdIn = (input: unknown) =>
  (input as { incident?: { incidentId?: string } } | null)?.incident?.incidentId;
