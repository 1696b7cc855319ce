import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { at, moduleOf, type Template } from "../support/arm-template";
import { describeStories, type Enricher } from "../support/enricher";
import { address } from "../support/entities";

interface LogAlert {
  readonly name: string;
  readonly query: string;
}

/** The lines that an alert of the deployment counts, by the condition that its query makes of them. */
function countedBy(title: string, lines: readonly string[]): readonly string[] {
  const template = JSON.parse(readFileSync("infra/azuredeploy.json", "utf8")) as Template;
  const alerts = at(moduleOf(template, "alerts"), "variables.rules") as LogAlert[];
  const query = alerts.find(({ name }) => name === title)?.query ?? "";
  const [, part] = /^AppTraces\n\| where Message contains "([^"]+)"$/.exec(query.trim()) ?? [];
  if (part === undefined) throw new Error(`${title} reads no log line: ${query}`);
  return lines.filter((line) => line.includes(part));
}

const entities = [address("93.184.216.1"), address("93.184.216.2")];
const alertsRaised = ({ log }: Enricher) =>
  ["API key rejected"].filter((title) => countedBy(title, log).length > 0);

/** The lines that the workbook lists under "Left undone", with the figures that its query takes from each. */
function leftUndone({ log }: Enricher) {
  const query = readFileSync("infra/workbook/queries/left-undone.kql", "utf8");
  const [prefix = ""] = /(?<=startswith ")[^"]+/.exec(query) ?? [];
  const figures = [...query.matchAll(/(\w+) = extract\(@"([^"]+)", 1, Message/g)];
  return log
    .filter((line) => line.startsWith(prefix))
    .map((line) =>
      Object.fromEntries(
        figures.map(([, name = "", pattern = ""]) => [name, new RegExp(pattern).exec(line)?.[1]]),
      ),
    );
}

describeStories(
  {
    title: "When a key is refused",
    options: { virustotal: { apiKey: "another-key" } },
    onlyHere: "it reads the log",
  },
  (app) => {
    it("the app logs what the alert for it counts", async () => {
      await app().enrich({ entities });
      expect(alertsRaised(app())).toEqual(["API key rejected"]);
    });
  },
);

describeStories(
  {
    title: "When a day's quota is spent",
    settings: { VIRUSTOTAL_REQUESTS_PER_DAY: "1", VIRUSTOTAL_REQUESTS_PER_MINUTE: "0" },
    onlyHere: "it reads the log",
  },
  (app) => {
    it("the app logs what the workbook lists, and raises no alert", async () => {
      await app().enrich({ entities });
      expect(leftUndone(app())).toContainEqual({
        What: "Left indicators unchecked",
        Provider: "virustotal",
        Cause: "quota",
        Lookups: "1",
      });
      expect(alertsRaised(app())).toEqual([]);
    });
  },
);

const onlyTriage = { VIRUSTOTAL_KINDS: "file", INTEZER_FILES: "false" };

describeStories(
  {
    title: "When a key is refused only to a submission",
    settings: { ...onlyTriage, INTEZER_ALERTS: "submit" },
    options: { intezer: { apiKey: "another-key" } },
    onlyHere: "it reads the log",
  },
  (app) => {
    it("the app logs what the alert for it counts", async () => {
      const incident = await app().enrich({ entities });
      expect(incident.run.runtimeStatus).toBe("Completed");
      expect(alertsRaised(app())).toEqual(["API key rejected"]);
    });
  },
);

describeStories(
  {
    title: "When the quota is spent for a submission",
    settings: { ...onlyTriage, INTEZER_ALERTS: "submit" },
    onlyHere: "it reads the log",
  },
  (app) => {
    it("the app logs what the workbook lists, and raises no alert", async () => {
      app().services.intezer.script({
        match: ({ path }) => path.endsWith("/alerts/ingest"),
        fault: { status: 403, json: { error: "Account has reached its quota" } },
      });
      await app().enrich({ entities });
      expect(leftUndone(app())).toMatchObject([{ What: "Left the incident unsubmitted", Cause: "quota" }]);
      expect(alertsRaised(app())).toEqual([]);
    });
  },
);

describeStories(
  {
    title: "When a key is refused to the reading of a triage",
    settings: { ...onlyTriage, INTEZER_ALERTS: "listen" },
    options: { intezer: { apiKey: "another-key" } },
    onlyHere: "it reads the log",
  },
  (app) => {
    it("the app logs what the alert for it counts", async () => {
      const { intezer, sentinel } = app().services;
      const armId = sentinel.addIncident();
      intezer.addAlert({ alertId: "al:1", alert: {} });
      await intezer.fireWebhook("al:1", { body: { microsoft_sentinel_incident_id: armId } });
      await app().settled();
      expect(alertsRaised(app())).toEqual(["API key rejected"]);
    });
  },
);

describeStories({ title: "When everything is looked up", onlyHere: "it reads the log" }, (app) => {
  it("no such alert is raised", async () => {
    await app().enrich({ entities: entities.slice(0, 1) });
    expect(alertsRaised(app())).toEqual([]);
    expect(leftUndone(app())).toEqual([]);
  });
});
