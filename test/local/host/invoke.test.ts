import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FunctionApp } from "../../../local/function-app";
import { loadApp } from "../../../local/host/core-module";
import { fixtures, invocations, recordedApp } from "./recordings";

const silent = () => {};

function named(app: FunctionApp, name: string) {
  const fn = app.all().find((candidate) => candidate.name === name);
  if (!fn) throw new Error(`${name} is missing`);
  return fn;
}

describe("the recorded invocations", () => {
  const app = loadApp(recordedApp, silent);

  it.each(
    invocations.map((recorded) => ({ ...recorded, about: JSON.stringify(recorded.inputs[0]).slice(0, 200) })),
  )(
    "$function gives back what it gave on a real host: $about",
    async ({ function: name, inputs, returnValue, error }) => {
      const fn = named(app, name);
      const bindings = [fn.trigger, ...fn.extraInputs];
      const invocation = {
        inputs: inputs.map((data, index) => ({ name: bindings[index]?.name ?? "", data })),
        triggerMetadata: {},
      };
      if (error) {
        await expect(app.invoke(fn, invocation)).rejects.toThrow(error.message);
        return;
      }
      const result = await app.invoke(fn, invocation);
      expect(plain(result)).toEqual(plain({ returnValue: returnValue ?? undefined, outputs: [] }));
    },
  );

  /** Bytes of any class as base64, and nothing that is undefined: the protocol carries neither. */
  const plain = (value: unknown) =>
    JSON.parse(
      JSON.stringify(value, (_key, part) =>
        part?.type === "Buffer" || part instanceof ArrayBuffer || ArrayBuffer.isView(part)
          ? Buffer.from(part.data ?? part).toString("base64")
          : part,
      ),
    );
});

describe("hooks and log lines", () => {
  it("runs the app's hooks around the function, which may replace inputs, result and error", async () => {
    const app = loadApp(join(fixtures, "hooks.js"), silent);
    await app.runHooks("appStart");
    const greet = named(app, "greet");
    const call = (text: string) =>
      app.invoke(greet, {
        inputs: [{ name: greet.trigger.name, data: { string: text } }],
        triggerMetadata: {},
      });

    expect((await call("Ada")).returnValue).toEqual({ string: "started: hello Ada from the hook" });
    expect((await call("nobody")).returnValue).toEqual({ string: "forgiven: nobody there" });
    await expect(call("broken")).rejects.toThrow("told by the hook");
  });

  it("hands log lines on with level, function and invocation", async () => {
    const lines: unknown[][] = [];
    const app = loadApp(join(fixtures, "hooks.js"), (...line) => lines.push(line));
    const greet = named(app, "greet");
    await app.invoke(greet, {
      inputs: [{ name: greet.trigger.name, data: { string: "Ada" } }],
      triggerMetadata: {},
    });

    expect(lines).toEqual([
      [
        "warning",
        "greet",
        expect.stringMatching(/^[0-9a-f-]{36}$/),
        "greeting { name: 'Ada from the hook' }",
      ],
    ]);
  });
});
