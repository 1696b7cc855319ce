import { expect, it } from "vitest";
import { missingArgumentsFrom } from "../../../commands/enrich/missing-arguments";

const now = Date.UTC(2026, 10, 22);

it.each([
  ["no span of time", ["--since", "yesterday"], "--since takes a span of time"],
  ["another severity", ["--since", "24h", "--severity", "Critical"], "--severity is one of High"],
  ["no number", ["--since", "24h", "--max", "all"], "--max takes a number"],
  [
    "an environment that is not there",
    ["--since", "24h", "--environment", "other"],
    "no azd environment other",
  ],
  ["no relay", ["--since", "24h", "--relay", ""], "The relay is not known"],
])("refuses %s", (_, args, message) => {
  expect(() => missingArgumentsFrom(["--missing", ...args], now)).toThrow(message);
});
