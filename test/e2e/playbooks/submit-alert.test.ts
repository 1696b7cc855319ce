import { expect, it } from "vitest";
import { postIncident } from "../../../commands/run-client";
import { knownToVirusTotal } from "../../../local/simulators/virustotal-reports";
import { describeStories } from "../../support/enricher";
import { address, fileHash } from "../../support/entities";
import { asked, text } from "./setup";

const { maliciousFile, cleanAddress } = knownToVirusTotal;

describeStories(
  {
    title: "Submit alert: INTEZER_ALERTS=submit",
    settings: { INTEZER_ALERTS: "submit" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("sends the trigger body as it came, and the triage is in the comment", async () => {
      const { sentinel } = app().services;
      const armId = sentinel.addIncident({ entities: [address(cleanAddress)], title: "Mail to Ada" });
      const alert = sentinel.triggerBody(armId);
      await postIncident(app().origin, alert);
      const incident = await app().ended(armId);
      expect(JSON.parse(asked(app(), "/alerts/ingest").at(-1)?.body ?? "")).toEqual({
        alert,
        alert_source: "microsoft_sentinel",
      });
      expect(text(incident.comment)).toContain("Confirmed Threat");
      await app().settled();
    });

    it("gives a body that came before its entities those of now, and nothing else", async () => {
      const { sentinel } = app().services;
      const armId = sentinel.addIncident({ entities: [address(cleanAddress)], lateReads: 1 });
      const early = sentinel.triggerBody(armId);
      await postIncident(app().origin, early);
      await app().ended(armId);
      const { alert } = JSON.parse(asked(app(), "/alerts/ingest").at(-1)?.body ?? "");
      const { relatedEntities, ...properties } = alert.object.properties;
      expect(relatedEntities).toEqual([
        {
          id: expect.stringContaining("/Entities/"),
          name: expect.any(String),
          type: "Microsoft.SecurityInsights/Entities",
          kind: "Ip",
          properties: { address: cleanAddress },
        },
      ]);
      const was = early as { object: { properties: object } };
      expect({
        ...alert,
        object: { ...alert.object, properties: { ...properties, relatedEntities: [] } },
      }).toEqual(was);
      await app().settled();
    });

    it.each([
      ["400", { status: 400, json: { error: "mapping" } }],
      ["410", { status: 410 }],
      ["403", { status: 403, json: { error: "Insufficient Permissions" } }],
    ])(
      "says in the comment why it was refused (%s), and shows the lookups all the same",
      async (_, fault) => {
        app().services.intezer.script({ match: ({ path }) => path.endsWith("/alerts/ingest"), fault });
        const incident = await app().enrich({ entities: [fileHash(maliciousFile.sha256)] });
        expect(incident.run.runtimeStatus).toBe("Completed");
        expect(text(incident.comment)).toMatch(/could not be submitted to Intezer/);
        expect(incident.tags).toContain("threat-found");
      },
    );

    it("is left out by an automation rule that says so, and the comment says so", async () => {
      const { sentinel } = app().services;
      const before = asked(app(), "/alerts/ingest").length;
      const armId = sentinel.addIncident({
        entities: [address(cleanAddress), fileHash(maliciousFile.sha256)],
      });
      await postIncident(app().origin, sentinel.triggerBody(armId), {
        "x-enricher-without": "intezer-alerts, virustotal",
      });
      const incident = await app().ended(armId);
      expect(asked(app(), "/alerts/ingest")).toHaveLength(before);
      expect(text(incident.comment)).toContain(
        "Intezer was not asked for a triage: the automation rule switches this off",
      );
      expect(text(incident.comment)).toContain(
        "VirusTotal did not look up 1 file, 1 IP address: the automation rule switches this off",
      );
      expect(text(incident.comment)).toContain("Sent to Intezer: 1 file.");
      expect(incident.output).toMatchObject({ malicious: 1, unknown: 1, clean: 0, notChecked: 0 });
    });
  },
);
