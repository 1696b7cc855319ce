import type { Clock } from "../../local/clock";
import { confirmedThreat } from "../../local/simulators/intezer-data";
import { sampleIncident } from "../../local/simulators/sample-incident";
import type { EntitySeed, IncidentSeed } from "../../local/simulators/sentinel-incidents";
import type { Services, ServicesOptions } from "../../local/simulators/services";
import type { Reply, SimulatorRequest } from "../../local/simulators/simulator";

/** Where a story takes place. */
interface Stage {
  readonly services: Services;
  readonly clock: Clock;
  /** Raises an incident and posts it to the app; resolves with its ARM id. */
  raise(incident: IncidentSeed): Promise<string>;
  /** Posts the update that reports new alerts in the incident. */
  addAlerts(armId: string): Promise<void>;
}

/** Something that takes one of the ways through the orchestrators. */
export interface Story {
  readonly name: string;
  readonly about: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly options?: Omit<ServicesOptions, "clock">;
  readonly play: (stage: Stage) => Promise<unknown>;
}

const addresses = (count: number): readonly EntitySeed[] =>
  Array.from({ length: count }, (_, i) => ({ kind: "Ip", properties: { address: `93.184.217.${i + 1}` } }));

const email: EntitySeed = { kind: "MailMessage", properties: { subject: "Invoice" } };

/** Resolves when the app writes a comment, with the clock held; what it resolves with lets time go on. */
const firstComment = ({ services, clock }: Stage) =>
  new Promise<() => void>((resolve) => {
    let isSeen = false;
    const match = ({ method, path }: SimulatorRequest) => {
      if (!isSeen && method === "PUT" && path.includes("/comments/")) {
        isSeen = true;
        resolve(clock.hold());
      }
      return false;
    };
    services.sentinel.script({ match, fault: "hang" });
  });

const submit = { INTEZER_ALERTS: "submit" };
const freeKey = { VIRUSTOTAL_REQUESTS_PER_MINUTE: "4" };
const refusal = (status: number): Reply => ({
  status,
  json: { error: { code: "Refused", message: "Refused." } },
});

/** Together they pass every wait, retry and branch of the orchestrators that a run can be in during an upgrade. */
export const stories: readonly Story[] = [
  {
    name: "triaged-in-time",
    about: "All indicators answered; Intezer's triage is delivered while the run waits for it.",
    settings: submit,
    options: { intezer: { triageSeconds: 90 } },
    play: ({ raise }) => raise(sampleIncident),
  },
  {
    name: "triaged-late",
    about: "The triage comes after the comment: an addendum, and the tags twice.",
    settings: submit,
    options: { intezer: { triageSeconds: 400 } },
    play: ({ raise }) => raise(sampleIncident),
  },
  {
    name: "paced-by-quota",
    about: "A free key: rounds of four lookups a minute, a first comment, an update comment.",
    settings: freeKey,
    options: { virustotal: { quota: { perMinute: 4, perDay: 500 } } },
    play: ({ raise }) => raise({ entities: addresses(30) }),
  },
  {
    name: "late-entities",
    about: "The entities can be read on the third try; being about email, the incident is read again later.",
    play: ({ raise }) => raise({ entities: [...addresses(1), email], lateReads: 2 }),
  },
  {
    name: "virustotal-down",
    about: "VirusTotal answers 503 until the run gives up.",
    play({ services, raise }) {
      services.virustotal.script({ match: () => true, fault: refusal(503), times: 100 });
      return raise({ entities: addresses(2) });
    },
  },
  {
    name: "sentinel-busy",
    about: "The incident can be read, commented and tagged only after some tries.",
    play({ services, raise }) {
      const isComment = (path: string) => path.includes("/comments/");
      services.sentinel.script(
        { match: ({ method }) => method === "GET", fault: refusal(503), times: 2 },
        { match: ({ method, path }) => method === "PUT" && isComment(path), fault: refusal(429), times: 3 },
        { match: ({ method, path }) => method === "PUT" && !isComment(path), fault: refusal(412), times: 2 },
      );
      return raise({ entities: addresses(1) });
    },
  },
  {
    name: "defender-alert",
    about: "Intezer triaged an alert that Defender gave it; the logs name its incident on the third query.",
    settings: { INTEZER_ALERTS: "listen" },
    async play({ services: { sentinel, intezer, logAnalytics } }) {
      const vendorAlertId = "da637001-4711";
      const incident = sentinel.addIncident({});
      intezer.addAlert({ alertId: vendorAlertId, alert: { sender: "msd" }, triage: confirmedThreat });
      logAnalytics.addAlert({ vendorAlertId, incident, lateQueries: 2 });
      await intezer.fireWebhook(vendorAlertId, { body: { microsoft_sentinel_incident_id: vendorAlertId } });
    },
  },
  {
    name: "alerts-added",
    about: "Alerts come while the run writes its first comment: its next run is started when it has ended.",
    settings: { VIRUSTOTAL_REQUESTS_PER_MINUTE: "1" },
    async play(stage) {
      const commented = firstComment(stage);
      const armId = await stage.raise({ entities: addresses(10) });
      const goOn = await commented;
      await stage.addAlerts(armId);
      goOn();
    },
  },
  {
    name: "results-sent",
    about:
      "The rows of the first comment are sent on the third try, those of the update are refused and lost; a late triage has one.",
    settings: { ...submit, ...freeKey, FIRST_COMMENT_SECONDS: "30", RESULTS_TABLE: "on" },
    options: { intezer: { triageSeconds: 150 } },
    play({ services, raise }) {
      const anyCall = () => true;
      services.logIngestion.script(
        { match: anyCall, fault: refusal(403), times: 2 },
        { match: ({ body }) => body.includes('"Part":"update"'), fault: refusal(400) },
      );
      return raise({ entities: addresses(6) });
    },
  },
  {
    name: "merged",
    about: "The incident was merged into another one: its run starts that one's.",
    play({ services: { sentinel }, raise }) {
      sentinel.addIncident({ incidentNumber: 4711, entities: addresses(1) });
      return raise({ mergedInto: 4711 });
    },
  },
  {
    name: "merged-during",
    about: "The incident is merged while its comment is written: comment and tags are in the other one, too.",
    async play(stage) {
      const { sentinel } = stage.services;
      const target = sentinel.addIncident({ entities: addresses(1) });
      const commented = firstComment(stage);
      const armId = await stage.raise({ entities: addresses(2) });
      const goOn = await commented;
      sentinel.merge(armId, target);
      goOn();
    },
  },
];
