import { expect, it } from "vitest";
import { check, startRelay, withDeployment } from "./setup";

it.each([
  { status: 401, says: "App Service authentication refused the relay's token (HTTP 401)" },
  { status: 403, says: "the app refused the relay (HTTP 403)" },
  { status: 503, says: "the app could not start a run (HTTP 503)" },
  { status: 418, says: "418. Its run history shows more" },
])("npm run check explains a relay that was answered HTTP $status", ({ status, says }) =>
  withDeployment(async (deployed) => {
    deployed.front.script({ match: () => true, fault: { status } });
    await startRelay(deployed, deployed.services.sentinel.addIncident());
    expect(await check(deployed)).toMatch(/^failed relay: the run of \S+ failed: /m);
    expect(await check(deployed)).toContain(says);
  }),
);
