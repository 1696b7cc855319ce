import { expect, test } from "vitest";
import { createLinks } from "../../../local/durable/links";
import { readGolden } from "../../support/golden";

const address = { authority: () => "localhost:7071", hubName: "TestHubName" };

test("the durable client's binding is the recorded one but for the port of the calls", () => {
  const links = createLinks({ ...address, key: "local-system-key" });
  const recorded = readGolden("durable-client-binding.json") as object;
  expect(JSON.parse(links.clientBinding())).toEqual({
    ...recorded,
    rpcBaseUrl: "http://localhost:7071/durabletask/",
  });
});

test("without a key no link asks for one", () => {
  const links = createLinks(address);
  expect(links.clientBinding()).not.toContain("code=");
  expect(links.toInstance("a b").statusQueryGetUri).toBe(
    "http://localhost:7071/runtime/webhooks/durabletask/instances/a+b?taskHub=TestHubName&connection=Storage",
  );
});
