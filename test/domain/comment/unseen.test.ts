import { expect, it } from "vitest";
import type { Incident } from "../../../domain/incident/incident";
import { addresses, viewOf } from "../../support/reports";

const alertsInDefender =
  "Sentinel shows at most 150 alerts of an incident, and this incident has reached that limit: any further alerts were not looked up. See the incident in the Defender portal.";
const alertsElsewhere = alertsInDefender.replace(/See .*/, "Further alerts may be in another incident.");
const entities =
  "Sentinel may show only 50 entities of an incident from Defender, and this incident has reached that limit: any further entities were not looked up. See the incident in the Defender portal.";

interface Case {
  readonly title: string;
  readonly incident: Partial<Incident>;
  readonly texts: readonly string[];
}

it.each<Case>([
  { title: "nothing of an ordinary incident", incident: { alertsCount: 3 }, texts: [] },
  { title: "nothing of one that does not count its alerts", incident: { fromDefender: true }, texts: [] },
  { title: "nothing of 149 alerts", incident: { alertsCount: 149, fromDefender: true }, texts: [] },
  { title: "where more are of 150 alerts", incident: { alertsCount: 150 }, texts: [alertsElsewhere] },
  {
    title: "where more are of 150 alerts from Defender",
    incident: { alertsCount: 150, fromDefender: true },
    texts: [alertsInDefender],
  },
  {
    title: "where more are of a list of entities that is cut",
    incident: { alertsCount: 3, fromDefender: true, entitiesCut: true },
    texts: [entities],
  },
  {
    title: "one line where alerts and entities are cut",
    incident: { alertsCount: 150, fromDefender: true, entitiesCut: true },
    texts: [alertsInDefender],
  },
])("The comment says $title", ({ incident, texts }) => {
  const report = addresses("clean");
  const { notes } = viewOf({ ...report, incident: { ...report.incident, ...incident } });
  expect(notes).toEqual(texts.map((text) => ({ title: "Possibly more", text })));
});
