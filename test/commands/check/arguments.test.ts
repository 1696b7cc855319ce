import { expect, it } from "vitest";
import { argumentsFrom } from "../../../commands/check/arguments";
import { incidentArmId } from "../../support/requests";

it.each([
  ["an unknown option", ["--fast"], "--fast"],
  ["an environment that is not there", ["--environment", "other"], "no azd environment other"],
  ["an environment outside the folder", ["--environment", "../test"], "no azd environment"],
  ["something that is no incident", ["--incident", "4711"], "ARM id of an incident"],
  ["an incident without a relay", ["--incident", incidentArmId, "--relay", ""], "The relay is not known"],
  ["no span of time", ["--wait", "soon"], "--wait"],
])("refuses %s", (_, args, message) => {
  expect(() => argumentsFrom(args)).toThrow(message);
});

it("knows the relay that it is given", () => {
  expect(argumentsFrom(["--incident", incidentArmId, "--relay", "/subscriptions/s/relay"])).toMatchObject({
    kind: "incident",
    relay: { id: "/subscriptions/s/relay" },
    waitSeconds: 600,
  });
});
