import { afterEach, expect, it, vi } from "vitest";
import { printLog } from "../../../local/host/console-log";

afterEach(() => vi.restoreAllMocks());

it.each([
  ["information", "consult", "asked", "consult: asked"],
  ["warning", "consult", "slow", "warning: consult: slow"],
  ["error", "", "broken", "error: broken"],
  ["debug", "consult", "detail", undefined],
  ["trace", "consult", "detail", undefined],
] as const)(
  "a line of level %s from '%s' is printed as an operator would read it",
  (level, name, text, line) => {
    const print = vi.spyOn(console, "log").mockImplementation(() => {});
    printLog(level, name, "8db1dc5f-a65f-41c0-9b2c-b1f61935a8fe", text);
    const printed = print.mock.calls.map(([given]) => String(given).replace(/^\[\d{4}-\S+Z\] /, ""));
    expect(printed).toEqual(line === undefined ? [] : [line]);
  },
);
