import { expect, it } from "vitest";
import { argumentsFrom } from "../../../commands/enrich/arguments";

it.each([
  ["no incident", [], "One incident has to be named"],
  [
    "two incidents",
    ["commands/enrich/samples/incident.json", "commands/enrich/samples/indicators.txt"],
    "One incident has to be named, not 2",
  ],
  ["an unknown option", ["commands/enrich/samples/incident.json", "--fast"], "--fast"],
  ["a file that is not there", ["nowhere.json"], "nowhere.json cannot be read"],
  ["something else of Azure", ["/subscriptions/1/resourceGroups/g"], "not the ARM id of an incident"],
])("refuses %s", (_, args, message) => {
  expect(() => argumentsFrom(args)).toThrow(message);
});
