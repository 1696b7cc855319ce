import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadApp } from "../../../local/host/core-module";
import { fixtures } from "./recordings";

/** Inside the repository, so that the app finds the libraries. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(fixtures, "../../../dist/app-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const silent = () => {};

function write(name: string, source: string): string {
  const file = join(folder, name);
  writeFileSync(file, source);
  return file;
}

const http = (name: string) => `require("@azure/functions").app.http("${name}", { handler: () => ({}) });`;

describe("loading an app", () => {
  it("finds functions by trigger type and by name in any case, with trigger and extra inputs", () => {
    const app = loadApp(
      write(
        "durable.js",
        `const df = require("durable-functions");
         df.app.orchestration("enrichIncident", function* () {});
         df.app.activity("readRun", { extraInputs: [df.input.durableClient()], handler: () => {} });`,
      ),
      silent,
    );
    expect(app.find("orchestrationTrigger", "EnrichIncident")?.name).toBe("enrichIncident");
    expect(app.find("activityTrigger", "enrichIncident")).toBeUndefined();
    expect(app.find("activityTrigger", "readRun")).toMatchObject({
      trigger: { type: "activityTrigger" },
      extraInputs: [{ type: "durableClient", name: expect.any(String) }],
    });
  });

  it("evaluates the app's own files again on the next load, and leaves the first app usable", async () => {
    const settings = write("settings.js", "exports.text = process.env.GREETING;");
    const entry = write(
      "main.js",
      `const { text } = require(${JSON.stringify(settings)});
       require("@azure/functions").app.generic("greet", {
         trigger: { type: "activityTrigger", name: "name" }, handler: () => text });`,
    );
    const load = (greeting: string) => {
      process.env.GREETING = greeting;
      return loadApp(entry, silent);
    };
    const apps = [load("hello"), load("good evening")];
    delete process.env.GREETING;

    const greetings = apps.flatMap((app) =>
      app.all().map((greet) => app.invoke(greet, { inputs: [], triggerMetadata: {} })),
    );
    expect((await Promise.all(greetings)).map((result) => result.returnValue)).toEqual([
      { string: "hello" },
      { string: "good evening" },
    ]);
  });

  it.each([
    ["the same name", "relay", "relay"],
    ["a name in another case", "relay", "Relay"],
  ])("refuses %s twice", (_about, first, second) => {
    const entry = write(`twice-${second}.js`, http(first) + http(second));
    expect(() => loadApp(entry, silent)).toThrow(`there is "${first}" already`);
  });

  it("passes on what the app throws, and loads it once the fault is gone", () => {
    const entry = write("refuses.js", 'throw new Error("SENTINEL_WORKSPACES is missing")');
    expect(() => loadApp(entry, silent)).toThrow("SENTINEL_WORKSPACES is missing");
    write("refuses.js", http("health"));
    expect(loadApp(entry, silent).all()).toHaveLength(1);
  });

  it("refuses an app that registers nothing, a late registration and an unknown hook", () => {
    expect(() => loadApp(write("empty.js", ""), silent)).toThrow("registers no function");
    const late = write("late.js", `${http("early")} exports.later = () => { ${http("late")} };`);
    loadApp(late, silent);
    expect(() => createRequire(late)(late).later()).toThrow("while the app is loaded");
    const hook = 'require("@azure/functions-core").registerHook("appPause", () => {});';
    expect(() => loadApp(write("hook.js", hook), silent)).toThrow('Hook "appPause" is not one of');
  });
});
