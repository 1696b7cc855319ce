import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { convert } from "html-to-text";
import { Liquid } from "liquidjs";
import { describe, expect, it } from "vitest";
import { type Indicator, indicatorKey } from "../../../domain/indicators/indicator";
import { orchestratorNames } from "../../../orchestrators/names";
import { recordedHistories } from "../../support/replay-history";

const folder = join(__dirname, "../../../infra/monitor/tab-templates");
const templates = readdirSync(folder);

/** As Durable Functions Monitor does it: strict about nothing, and without any escaping of its own. */
const liquid = new Liquid({ timezoneOffset: 0 });
const render = (template: string, model: object): string =>
  liquid.parseAndRenderSync(readFileSync(join(folder, template), "utf8"), model);
const shown = (template: string, model: object) =>
  convert(render(template, model), {
    wordwrap: false,
    selectors: [{ selector: "table", format: "dataTable" }],
  });

/** What the monitor gives a template of a recorded instance. */
function modelOf(orchestrator: string, story = "triaged-in-time") {
  const candidates = recordedHistories.filter((each) => each.orchestrator === orchestrator);
  const found = candidates.find((each) => each.story === story) ?? candidates[0];
  const history = found?.recorded.history ?? [];
  const started = history.find((event) => event.EventType === "ExecutionStarted");
  const completed = history.find((event) => event.EventType === "ExecutionCompleted");
  const History = history.map(({ EventType, Timestamp, ...event }) => ({
    EventType,
    Timestamp,
    Name: "Name" in event ? event.Name : null,
    DurationInMs: 12.3456,
    // As the monitor 6.7.3 sends it for a step without an error.
    Details: "null",
  }));
  return {
    InstanceId: found?.recorded.instanceId,
    Input: JSON.parse(started?.Input ?? "null"),
    Output: JSON.parse(completed?.Result ?? "null"),
    CustomStatus: { stage: "done", done: 9, total: 9 },
    History,
  };
}

const hostile = `"'><img src=x onerror=alert(1)></table><script>`;

/** Every text of the model replaced, and what lists look for kept. */
function spoilt(value: unknown): unknown {
  if (typeof value === "string") return hostile;
  if (Array.isArray(value)) return value.map(spoilt);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, spoilt(each)]));
}

const models = [...Object.values(orchestratorNames)].flatMap((name) =>
  templates
    .filter((template) => template.split(".").length === 2 || template.includes(`.${name}.`))
    .map((template) => ({ template, name })),
);

describe("The monitor's tabs", () => {
  it("are named for a tab and for an orchestrator of the app, or for all of them", () => {
    for (const name of templates) {
      const [tab, ...rest] = name.split(".");
      expect(tab).not.toBe("");
      const [orchestrator] = rest.length === 2 ? rest : [undefined];
      expect([undefined, ...Object.values(orchestratorNames)]).toContain(orchestrator);
      expect(rest.at(-1)).toBe("liquid");
    }
    for (const name of ["enrichIncident", "consultProvider", "deliverTriage"])
      expect(templates.some((template) => template.endsWith(`.${name}.liquid`))).toBe(true);
  });

  it.each(templates)("%s escapes every value, last of all filters", (template) => {
    const printed = readFileSync(join(folder, template), "utf8").match(/\{\{.*?\}\}/gs) ?? [];
    expect(printed.length).toBeGreaterThan(0);
    for (const expression of printed) expect(expression).toMatch(/\| escape \}\}$/);
  });

  it.each(models)("$template shows hostile values of $name as text", ({ template, name }) => {
    const html = render(template, spoilt(modelOf(name)) as object);
    expect(html).toContain("&lt;img");
    expect(html).not.toMatch(/<(img|script)/i);
    expect(html.match(/<\/table>/g)?.length).toBe(html.match(/<table/g)?.length);
  });

  it.each(models)("$template stands a model without input, output and history for $name", ({ template }) => {
    for (const Output of [
      undefined,
      null,
      "https://account.blob.core.windows.net/hub-largemessages/x.json.gz",
    ])
      expect(() =>
        render(template, { Output, Input: null, History: null, CustomStatus: null }),
      ).not.toThrow();
  });
});

describe("Verdict", () => {
  const template = "Verdict.enrichIncident.liquid";

  it("shows verdict, counts, tags and indicators of a run", () => {
    const text = shown(template, modelOf("enrichIncident"));
    expect(text).toMatch(/MALICIOUS/);
    expect(text).toContain("6 indicators: 3 malicious, 0 suspicious, 1 unknown, 2 clean; 0 not checked.");
    expect(text).toContain("enriched threat-found");
    expect(text).toMatch(/malicious +url +http:\/\/login-update\.example\.net\/secure\//);
    expect(text).toContain("Stage: done; 9 of 9 lookups have an outcome.");
    expect(text).not.toContain("WARNINGS");
  });

  it("shows warnings when there are some", () => {
    const text = shown(template, modelOf("enrichIncident", "merged"));
    expect(text).toContain("merged into incident 4711");
  });

  it("says why there is nothing to show while a run goes on", () => {
    const text = shown(template, { ...modelOf("enrichIncident"), Output: null });
    expect(text).toContain("There is no verdict to show");
  });
});

describe("Lookups", () => {
  it("shows every indicator with its outcome and why", () => {
    const text = shown("Lookups.consultProvider.liquid", modelOf("consultProvider"));
    expect(text).toContain("VIRUSTOTAL");
    expect(text).toMatch(
      /url +http:\/\/login-update\.example\.net\/secure\/ +answered +malicious +14 of 97 engines/,
    );
    expect(text).toMatch(/file +9f86d081\w+ +notKnown/);
  });

  it("shows the outcome of a URL that is looked up by its fingerprint", () => {
    const indicator = { kind: "url", value: "https://shop.example/…", fingerprint: "c".repeat(64) };
    const lookup = { kind: "notKnown", reason: "VirusTotal has no record" };
    const text = shown("Lookups.consultProvider.liquid", {
      Input: { work: { provider: { id: "virustotal" }, queries: [{ indicator }] } },
      Output: { lookups: { [indicatorKey(indicator as Indicator)]: lookup } },
    });
    expect(text).toMatch(/url +https:\/\/shop\.example\/… +notKnown +VirusTotal has no record/);
  });

  it("shows the reason where there is no answer", () => {
    const text = shown("Lookups.consultProvider.liquid", modelOf("consultProvider", "virustotal-down"));
    expect(text).toMatch(/address +93\.184\.217\.1 +failed +\S/);
  });
});

describe("Delivery", () => {
  it.each([
    [{ ended: "inComment", deliveryId: "6cc3ea126082f65f" }, "IN THE RUN'S COMMENT"],
    [{ ended: "addendum", deliveryId: "6cc3ea126082f65f" }, "WRITTEN AS AN ADDENDUM"],
    [{ ended: "alreadyThere", deliveryId: "6cc3ea126082f65f" }, "ALREADY IN A COMMENT: NOTHING WRITTEN"],
    [{ ended: "dropped", reason: "Intezer does not know the alert" }, "Intezer does not know the alert"],
    [null, "NOT DELIVERED YET"],
  ])("says where a triage went: %o", (Output, words) => {
    const model = { ...modelOf("deliverTriage"), Output };
    const text = shown("Delivery.deliverTriage.liquid", model);
    expect(text).toContain(words);
    expect(text).toContain(model.Input.alertId);
    expect(text).toContain(model.Input.incident.incidentId);
    expect(text).toContain(model.Input.incident.scope);
    expect(text).toContain(Output && "deliveryId" in Output ? String(Output.deliveryId) : "");
  });
});

describe("Steps", () => {
  const template = "Steps.liquid";
  const step = (fields: object) => ({
    EventType: "TaskCompleted",
    Timestamp: "2026-11-22T14:05:09.123Z",
    Name: "fetchIncident",
    DurationInMs: 0,
    Details: "null",
    ...fields,
  });
  const rowsOf = (...History: object[]) =>
    shown(template, { History })
      .split("\n")
      .slice(1)
      .map((row) => row.trim().replaceAll(/ {2,}/g, " | "));

  it("shows what happened, with times, durations and errors", () => {
    const failed = step({ EventType: "TaskFailed", DurationInMs: 1234, Details: "out of memory" });
    expect(rowsOf(failed)).toEqual([
      "2026-11-22 14:05:09 | TaskFailed | fetchIncident | 1234 | out of memory",
    ]);
  });

  it.each([
    { title: "the word null", Details: "null" },
    { title: "nothing", Details: null },
    { title: "an empty text", Details: "" },
  ])("shows no error where the monitor sends $title", ({ Details }) => {
    expect(rowsOf(step({ Details, DurationInMs: 5 }))).toEqual([
      "2026-11-22 14:05:09 | TaskCompleted | fetchIncident | 5",
    ]);
  });

  it("shows an error that speaks of null", () => {
    expect(rowsOf(step({ Details: "null is not an object" }))[0]).toContain("null is not an object");
  });

  it.each([
    { DurationInMs: 1234.5678, printed: "1235" },
    { DurationInMs: 0.4321, printed: "0" },
    { DurationInMs: 0, printed: undefined },
    { DurationInMs: null, printed: undefined },
  ])("shows a duration of $DurationInMs ms as $printed", ({ DurationInMs, printed }) => {
    expect(rowsOf(step({ DurationInMs }))[0]?.split(" | ")[3]).toBe(printed);
  });

  it("puts steps that ran side by side in the order in which they ended", () => {
    const at = (Name: string, time: string) => step({ Name, Timestamp: `2026-11-22T14:05:${time}Z` });
    const rows = rowsOf(
      at("started", "01"),
      at("slow", "30.5"),
      at("quick", "09.25"),
      at("quickToo", "09.25"),
      at("ended", "31"),
    );
    const names = rows.map((row) => row.split(" | ")[2]);
    expect(names).toEqual(["started", "quick", "quickToo", "slow", "ended"]);
  });
});

describe("Every tab", () => {
  it.each(models)("$template shows nothing called null and no fraction for $name", ({ template, name }) => {
    const text = shown(template, modelOf(name));
    expect(text).not.toMatch(/\bnull\b|\bundefined\b|\[object|\d\.\d{3,}/);
  });
});
