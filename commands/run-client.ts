export interface RunView {
  readonly runtimeStatus: string;
  readonly customStatus: unknown;
  readonly output: unknown;
}

/** Sends a trigger body to the app, as the relay playbook does. */
export async function postIncident(
  origin: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ instanceId: string; accepted: boolean; duplicate: boolean }> {
  const response = await fetch(`${origin}/api/incidents`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (response.status !== 202)
    throw new Error(`The app answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { instanceId: string; accepted: boolean; duplicate: boolean };
}

const pollMs = 20;

/** The run once it has ended, read from the management API that Durable Functions Monitor reads too. */
export async function runOf(origin: string, instanceId: string, pause = pollMs): Promise<RunView> {
  const url = `${origin}/runtime/webhooks/durabletask/instances/${instanceId}?showInput=false`;
  for (;;) {
    const response = await fetch(url);
    const run = (await response.json()) as RunView;
    if (response.status !== 202) return run;
    await new Promise((done) => setTimeout(done, pause));
  }
}
