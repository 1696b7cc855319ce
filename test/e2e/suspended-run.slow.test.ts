import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { confirmedThreat } from "../../local/simulators/intezer-data";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address } from "../support/entities";

interface Instance {
  readonly instanceId: string;
  readonly runtimeStatus: string;
  readonly output: unknown;
  readonly historyEvents?: readonly unknown[];
}

const instances = "/runtime/webhooks/durabletask/instances";

async function manage({ origin }: Enricher, path: string, method = "GET"): Promise<Response> {
  return fetch(`${origin}${instances}${path}`, { method });
}

/** The orchestrations whose ids begin so, once they have ended. */
async function ended(app: Enricher, prefix: string): Promise<readonly Instance[]> {
  const find = async () => {
    const all = (await (await manage(app, `?instanceIdPrefix=${prefix}`)).json()) as Instance[];
    return all.length > 0 && all.every(({ runtimeStatus }) => !["Running", "Pending"].includes(runtimeStatus))
      ? all
      : [];
  };
  await expect.poll(find, { interval: 10, timeout: 120_000 }).not.toEqual([]);
  const found = await find();
  return Promise.all(
    found.map(
      async ({ instanceId }) =>
        (await (await manage(app, `/${instanceId}?showHistory=true`)).json()) as Instance,
    ),
  );
}

describeStories(
  {
    title: "What waits for a run that an operator has suspended",
    settings: { INTEZER_ALERTS: "listen", VIRUSTOTAL_REQUESTS_PER_MINUTE: "1" },
    onlyHere: "a day passes in it",
  },
  (app) => {
    it("ends after twelve hours with a history of some hundred events", async () => {
      const { sentinel, intezer } = app().services;
      const armId = sentinel.addIncident({
        entities: [address(knownToVirusTotal.cleanAddress), address("93.184.216.1")],
      });
      const id = `sentinel-${armId.split("/").at(-1)}`;
      intezer.addAlert({
        alertId: "al:1",
        alert: { raw_alert: { object: { id: armId } } },
        triage: confirmedThreat,
      });
      const release = app().clock.hold();
      await postIncident(app().origin, sentinel.triggerBody(armId));
      await expect
        .poll(async () => ((await (await manage(app(), `/${id}`)).json()) as Instance).runtimeStatus, {
          interval: 1,
        })
        .toBe("Running");
      expect((await manage(app(), `/${id}/suspend?reason=test`, "POST")).status).toBe(202);
      await intezer.fireWebhook("al:1", { body: { microsoft_sentinel_incident_id: armId } });
      release();

      const [delivery, ...others] = await ended(app(), "triage-");
      expect(others).toEqual([]);
      expect(delivery).toMatchObject({ runtimeStatus: "Completed", output: { ended: "addendum" } });
      expect(delivery?.historyEvents?.length).toBeLessThan(1_000);
      expect(sentinel.incident(armId)).toMatchObject({ tags: ["threat-found"], writes: { comments: 1 } });
      await manage(app(), `/${id}/terminate?reason=test`, "POST");
    });
  },
);
