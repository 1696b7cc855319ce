import { expect, it } from "vitest";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { address } from "../support/entities";

const clean = address(knownToVirusTotal.cleanAddress);
const accounts = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ kind: "Account", properties: { accountName: `user-${i}` } }));
const defender = "Microsoft XDR";

describeStories({ title: "An incident with more than Sentinel shows" }, (app) => {
  it.each([
    { title: "150 alerts", seed: { alerts: 150 }, says: "shows at most 150 alerts" },
    { title: "more than 150 alerts", seed: { alerts: 151 }, says: "shows at most 150 alerts" },
    { title: "149 alerts", seed: { alerts: 149 }, says: undefined },
    {
      title: "50 entities from Defender",
      seed: { providerName: defender, entities: [clean, ...accounts(49)] },
      says: "show only 50 entities",
    },
    {
      title: "51 entities from Defender",
      seed: { providerName: defender, entities: [clean, ...accounts(50)] },
      says: undefined,
    },
    { title: "50 entities of its own", seed: { entities: [clean, ...accounts(49)] }, says: undefined },
  ])("says so in its comment, if at all: $title", async ({ seed, says }) => {
    const { comments } = await app().enrich({ entities: [clean], ...seed });
    expect(comments).toHaveLength(1);
    if (says === undefined) expect(comments[0]?.html).not.toContain("Possibly more");
    else expect(comments[0]?.html).toContain(says);
  });
});
