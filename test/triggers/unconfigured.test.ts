import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { InvocationContext } from "@azure/functions";
import { expect, it } from "vitest";
import { packageRoot } from "../../local/host/package-root";
import { createUnconfigured } from "../../triggers/unconfigured";

/** Loads the compiled app as a Functions worker does, and prints what it registers. */
const worker = `
  const { Module } = require("node:module");
  const ordinary = Module.prototype.require;
  const names = [];
  const core = {
    setProgrammingModel() {},
    registerFunction: ({ name }) => (names.push(name), { dispose() {} }),
    registerHook: () => ({ dispose() {} }),
    log() {},
  };
  Module.prototype.require = function (name) {
    return name === "@azure/functions-core" ? core : ordinary.call(this, name);
  };
  require(process.argv[1]);
  console.log(names.join());
`;

it("The routes are there when the settings are wrong, and nothing that could touch a run under way", () => {
  const { PATH = "", SystemRoot = "" } = process.env;
  const { stdout, status } = spawnSync(process.execPath, ["-e", worker, join(packageRoot, "dist/index.js")], {
    encoding: "utf8",
    env: { PATH, SystemRoot, FIRST_COMMENT_SECONDS: "soon" },
  });
  expect([status, stdout]).toEqual([0, "incident,intezerWebhook,health\n"]);
});

it("They answer 503, name the settings, and write the values to the log only", async () => {
  const message =
    'The settings are not usable:\n  SENTINEL_WORKSPACES: holds "/subscriptions/1", which is not';
  const { refuse, health } = createUnconfigured({
    version: "1.2.3",
    message,
    settings: ["SENTINEL_WORKSPACES"],
  });
  const log: unknown[] = [];
  const context = { error: (text: unknown) => void log.push(text) } as unknown as InvocationContext;
  for (const answer of [await refuse(undefined, context), await health(undefined, context)]) {
    expect(answer.status).toBe(503);
    const text = JSON.stringify(answer.jsonBody);
    expect(text).toContain("Correct SENTINEL_WORKSPACES and restart the app");
    expect(text).not.toContain("/subscriptions/");
  }
  expect(log).toEqual([message, message]);
});
