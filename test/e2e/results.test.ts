import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import type { ResultRow } from "../../domain/results/results-table";
import { logIngestionReplies } from "../../local/simulators/log-ingestion";
import { sampleIncident } from "../../local/simulators/sample-incident";
import type { SimulatorRequest } from "../../local/simulators/simulator";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address } from "../support/entities";
import { isFull } from "../support/tier";

const { cleanAddress, maliciousAddress, maliciousFile } = knownToVirusTotal;
const on = { RESULTS_TABLE: "on", WORKSPACE_TI: "off", SIGHTINGS: "off" };
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const guidOf = (armId: string) => armId.split("/").at(-1)?.toLowerCase();
const rowsOf = ({ services }: Enricher, armId: string): readonly ResultRow[] =>
  services.logIngestion
    .rows(services.sentinel.workspace)
    .filter(({ IncidentId }) => IncidentId === guidOf(armId));
const ids = (rows: readonly ResultRow[]) => rows.map(({ RowId }) => RowId);
const losses = ({ log }: Enricher) => log.filter((line) => line.startsWith("Lost rows of the results"));

async function instanceIds({ origin }: Enricher): Promise<readonly string[]> {
  const response = await fetch(`${origin}/runtime/webhooks/durabletask/instances?showInput=false`);
  return ((await response.json()) as { instanceId: string }[]).map(({ instanceId }) => instanceId);
}

describeStories({ title: "The results of a run", settings: on, onlyHere: "it reads the table" }, (app) => {
  it("are a row for each indicator and provider asked, as the comment shows them", async () => {
    const { armId, output } = await app().enrich(sampleIncident);
    await app().settled();
    const rows = rowsOf(app(), armId);
    // Three files at two providers; an IP address, a domain and a URL at VirusTotal, the URL also as switched off.
    expect(
      rows
        .map(({ IndicatorKind, Provider, Outcome }) => `${IndicatorKind} ${Provider} ${Outcome}`)
        .toSorted(),
    ).toEqual([
      "address virustotal answered",
      "domain virustotal answered",
      "file intezer answered",
      "file intezer answered",
      "file intezer notKnown",
      "file virustotal answered",
      "file virustotal answered",
      "file virustotal notKnown",
      "url intezer off",
      "url virustotal answered",
    ]);
    expect(new Set(ids(rows)).size).toBe(rows.length);
    const file = rows.find(
      ({ Indicator, Provider }) => Indicator === maliciousFile.sha256 && Provider === "virustotal",
    );
    expect(file).toEqual({
      TimeGenerated: expect.stringMatching(/^2\d{3}-\d\d-\d\dT[\d:.]+Z$/),
      RowId: expect.stringMatching(/^[0-9a-f]{32}$/),
      SchemaVersion: 1,
      Run: new Date(output.run).toISOString(),
      RunId: `sentinel-${guidOf(armId)}`,
      Part: "first",
      IncidentId: guidOf(armId),
      IncidentNumber: 1001,
      IncidentVerdict: "malicious",
      Coverage: 1,
      ToCommentSeconds: expect.any(Number),
      IndicatorKind: "file",
      Indicator: maliciousFile.sha256,
      FileNames: [expect.stringContaining("invoice-4711")],
      IndicatorVerdict: "malicious",
      Provider: "virustotal",
      Outcome: "answered",
      Verdict: "malicious",
      Figures: "54 of 75 engines",
      Detections: 54,
      Suspicious: 0,
      Engines: 75,
      Reasons: ["54 of 75 engines call it malicious."],
      Link: `https://www.virustotal.com/gui/file/${maliciousFile.sha256}`,
      Links: [{ relation: "contacts", kind: "domain", value: "login-update.example.net" }],
      AppVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
      Simulated: true,
    });
  });

  it("are one row without indicator where there is nothing to look up", async () => {
    const { armId } = await app().enrich({ entities: [address("10.20.30.40")] });
    await app().settled();
    const [row, ...more] = rowsOf(app(), armId);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ Part: "first", IncidentVerdict: "unknown" });
    for (const cell of ["Indicator", "Provider", "Outcome", "Coverage"]) expect(row).not.toHaveProperty(cell);
  });

  it("are sent again when the answer is lost: twice in the table, with the same id", async () => {
    app().services.logIngestion.script({ match: () => true, fault: "dropAfter" });
    const { armId } = await app().enrich({ entities: [address(maliciousAddress)] });
    await app().settled();
    const [first, second, ...more] = rowsOf(app(), armId);
    expect(more).toEqual([]);
    expect(second).toEqual(first);
  });

  it("wait as long as the service asks", async () => {
    const { logIngestion } = app().services;
    logIngestion.script({ match: () => true, fault: logIngestionReplies.throttled, times: 2 });
    const from = logIngestion.requests.length;
    const { armId } = await app().enrich({ entities: [address(maliciousAddress)] });
    await app().settled();
    const [first = 0, second = 0, third = 0] = logIngestion.requests.slice(from).map(({ at }) => at);
    expect(second - first).toBeGreaterThanOrEqual(29_000);
    expect(third - second).toBeGreaterThanOrEqual(29_000);
    expect(rowsOf(app(), armId)).toHaveLength(1);
  });

  it("come when the app's role has arrived; the comment has not waited", async () => {
    const { clock, services } = app();
    const raisedAt = clock.now();
    services.logIngestion.forbidUntil(raisedAt + 40 * minuteMs);
    const { armId, comments, run } = await app().enrich({ entities: [address(maliciousAddress)] });
    expect(run.runtimeStatus).toBe("Completed");
    expect(comments).toHaveLength(1);
    expect(writtenAt(app(), armId) - raisedAt).toBeLessThan(minuteMs);
    await app().settled();
    expect(rowsOf(app(), armId)).toHaveLength(1);
    expect(losses(app())).toEqual([]);
  });

  it("hold no secret", async () => {
    await app().enrich(sampleIncident);
    await app().settled();
    const sent = app().services.logIngestion.requests.map(({ body, headers }) => [body, headers]);
    expect(JSON.stringify(sent)).not.toMatch(/authorization|-of-the-simulator/i);
  });
});

/** When the incident's first comment was written, epoch milliseconds. */
function writtenAt({ services }: Enricher, armId: string): number {
  const isComment = ({ method, path }: SimulatorRequest) =>
    method === "PUT" && path.toLowerCase().includes(`${guidOf(armId)}/comments/`);
  return services.sentinel.requests.find(isComment)?.at ?? Number.POSITIVE_INFINITY;
}

describeStories(
  {
    title: "Results of lookups that take longer than the first comment waits",
    settings: { ...on, FIRST_COMMENT_SECONDS: "20", INTEZER_FILES: "false" },
    options: { virustotal: { quota: { perMinute: 4, perDay: 500 } } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("are there as pending, and again as the update shows them", async () => {
      const entities = Array.from({ length: 6 }, (_, i) => address(`93.184.218.${i + 1}`));
      const { armId } = await app().enrich({ entities });
      await app().settled();
      const rows = rowsOf(app(), armId);
      const of = (part: string) => rows.filter(({ Part }) => Part === part);
      const outcomesOf = (part: string) =>
        of(part).map(({ Outcome, Cause }) => `${Outcome}${Cause ? `, ${Cause}` : ""}`);
      expect(outcomesOf("first").toSorted()).toEqual([
        ...Array(4).fill("notKnown"),
        ...Array(2).fill("pending, quota"),
      ]);
      expect(of("first")[0]?.Coverage).toBeCloseTo(4 / 6);
      expect(outcomesOf("update")).toEqual(Array(6).fill("notKnown"));
      expect(new Set(ids(rows)).size).toBe(12);
    });
  },
);

describeStories(
  {
    title: "A triage that comes after the comment",
    settings: { ...on, INTEZER_ALERTS: "submit" },
    options: { intezer: { triageSeconds: 400 } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("has a row of its own, with the verdict that it gives the incident", async () => {
      const { armId } = await app().enrich({ entities: [address(cleanAddress)] });
      await app().settled();
      const rows = rowsOf(app(), armId);
      expect(rows.map(({ Part, IncidentVerdict }) => [Part, IncidentVerdict])).toEqual([
        ["first", "clean"],
        ["addendum", "malicious"],
      ]);
      const [first, addendum] = rows;
      expect(addendum).toMatchObject({
        Run: first?.Run,
        IncidentNumber: first?.IncidentNumber,
        Verdict: "malicious",
        Figures: "Confirmed Threat",
        Link: expect.stringContaining("https://analyze.intezer.com/"),
      });
      expect(addendum).not.toHaveProperty("Provider");
    });
  },
);

describeStories(
  { title: "Log ingestion that refuses for a day", settings: on, onlyHere: "days pass in it" },
  (app) => {
    it.runIf(isFull)(
      "delays no comment; what can still be sent is sent, and what cannot is counted",
      async () => {
        const { clock, services, origin } = app();
        const { sentinel, logIngestion } = services;
        const startedAt = clock.now();
        logIngestion.forbidUntil(startedAt + 25 * hourMs);
        const raised = await Promise.all(
          Array.from({ length: 6 }, async (_, i) => {
            const at = startedAt + 4 * i * hourMs;
            const armId = sentinel.addIncident({
              entities: [address(maliciousAddress), address(cleanAddress)],
            });
            await new Promise<void>((due) => clock.alarm(at, due));
            await postIncident(origin, sentinel.triggerBody(armId));
            return { armId, at };
          }),
        );
        await app().settled();
        for (const { armId, at } of raised) expect(writtenAt(app(), armId) - at).toBeLessThan(minuteMs);
        // Only the first one's rows were a day old before the end of it.
        expect(raised.map(({ armId }) => rowsOf(app(), armId).length)).toEqual([0, 2, 2, 2, 2, 2]);
        expect(losses(app())).toHaveLength(1);
        expect(losses(app())[0]).toContain("rows: 2");
        expect(losses(app())[0]).toContain("Monitoring Metrics Publisher");
      },
    );
  },
);

describeStories(
  { title: "The results table that is off", settings: {}, onlyHere: "it looks at the log" },
  (app) => {
    it("costs nothing: no orchestration, no request", async () => {
      await app().enrich(sampleIncident);
      await app().settled();
      expect((await instanceIds(app())).filter((id) => id.includes("-results"))).toEqual([]);
      expect(app().services.logIngestion.requests).toEqual([]);
    });
  },
);

describeStories(
  { title: "A dry run", settings: { ...on, DRY_RUN: "true" }, onlyHere: "it reads the table" },
  (app) => {
    it("sends no rows", async () => {
      await app().enrich(sampleIncident);
      await app().settled();
      expect(app().services.logIngestion.requests).toEqual([]);
    });
  },
);
