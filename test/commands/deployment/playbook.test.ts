import { beforeEach, expect, it } from "vitest";
import { createPlaybookRunner, type Playbook } from "../../../commands/deployment/playbook";
import type { SentinelSimulator } from "../../../local/simulators/sentinel";
import { refOf, startSentinel } from "../../clients/sentinel/support";

let sentinel: SentinelSimulator;
beforeEach(async () => {
  ({ sentinel } = await startSentinel());
  sentinel.setRelay({ id: "/relay", url: `${sentinel.origin}/nowhere` });
});

function run(playbook: Playbook) {
  const credential = { getToken: async () => null };
  const runPlaybook = createPlaybookRunner({ endpoint: sentinel.origin, credential, timeoutMs: 5_000 });
  return runPlaybook(refOf(sentinel.addIncident()), playbook);
}

const tenantId = "11111111-2222-4333-8444-666666666666";

it("starts a playbook on an incident", async () => {
  expect(await run({ id: "/relay", tenantId })).toEqual({ kind: "done", value: undefined });
  expect(sentinel.requests[0]).toMatchObject({
    method: "POST",
    path: expect.stringMatching(/\/incidents\/[^/]+\/runPlaybook$/),
    body: JSON.stringify({ tenantId, logicAppsResourceId: "/relay" }),
  });
  expect(sentinel.requests[0]?.query.get("api-version")).toBe("2025-09-01");
});

it("says that there is no such playbook", async () => {
  expect(await run({ id: "/other" })).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("does not exist"),
  });
});

it.each([
  { status: 403, code: "AuthorizationFailed" },
  { status: 400, code: "BadRequest" },
  { status: 400, code: "MissingPermissions" },
])("names the roles that are missing after $status $code", async ({ status, code }) => {
  sentinel.script({ match: () => true, fault: { status, json: { error: { code, message: "Missing" } } } });
  const attempt = await run({ id: "/relay" });
  expect(attempt).toMatchObject({
    kind: "refused",
    reason: expect.stringMatching(/Microsoft Sentinel Responder.*Playbook Operator.*Automation Contributor/),
  });
});

it("names the roles after a refusal without a body", async () => {
  sentinel.script({ match: () => true, fault: { status: 400 } });
  expect(await run({ id: "/relay" })).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("Microsoft Sentinel Playbook Operator"),
  });
});
