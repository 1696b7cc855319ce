import { sampleIncident } from "../simulators/sample-incident";
import type { EntitySeed, IncidentSeed } from "../simulators/sentinel-incidents";
import type { Services, ServicesOptions } from "../simulators/services";
import type { Reply } from "../simulators/simulator";

/** An incident whose run takes one of the ways through the orchestrators. */
export interface Story {
  readonly name: string;
  readonly about: string;
  readonly incident: IncidentSeed;
  readonly settings?: Readonly<Record<string, string>>;
  readonly options?: Omit<ServicesOptions, "clock">;
  /** Faults of the services, told before the incident is raised. */
  readonly prepare?: (services: Services) => void;
}

const addresses = (count: number): readonly EntitySeed[] =>
  Array.from({ length: count }, (_, i) => ({ kind: "Ip", properties: { address: `93.184.217.${i + 1}` } }));

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
    incident: sampleIncident,
    settings: submit,
    options: { intezer: { triageSeconds: 90 } },
  },
  {
    name: "triaged-late",
    about: "The triage comes after the comment: an addendum, and the tags twice.",
    incident: sampleIncident,
    settings: submit,
    options: { intezer: { triageSeconds: 400 } },
  },
  {
    name: "paced-by-quota",
    about: "A free key: rounds of four look-ups a minute, a first comment, an update comment.",
    incident: { entities: addresses(30) },
    settings: freeKey,
    options: { virustotal: { quota: { perMinute: 4, perDay: 500 } } },
  },
  {
    name: "late-entities",
    about: "The entities can be read on the third try.",
    incident: { entities: addresses(1), lateReads: 2 },
  },
  {
    name: "virustotal-down",
    about: "VirusTotal answers 503 until the run gives up.",
    incident: { entities: addresses(2) },
    prepare: ({ virustotal }) => virustotal.script({ match: () => true, fault: refusal(503), times: 100 }),
  },
  {
    name: "sentinel-busy",
    about: "The incident can be read, commented and tagged only after some tries.",
    incident: { entities: addresses(1) },
    prepare: ({ sentinel }) =>
      sentinel.script(
        { match: ({ method }) => method === "GET", fault: refusal(503), times: 2 },
        {
          match: ({ method, path }) => method === "PUT" && path.includes("/comments/"),
          fault: refusal(429),
          times: 3,
        },
        {
          match: ({ method, path }) => method === "PUT" && !path.includes("/comments/"),
          fault: refusal(412),
          times: 2,
        },
      ),
  },
  {
    name: "merged",
    about: "The incident was closed and merged into another one: the run ends after reading it.",
    incident: { mergedInto: 4711 },
  },
];
