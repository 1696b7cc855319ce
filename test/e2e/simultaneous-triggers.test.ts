import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { barrier } from "../support/barrier";
import { describeStories } from "../support/enricher";
import { address } from "../support/entities";

const times = 10;
/** Opens for each round of starts. */
let gap = barrier(times);

describeStories(
  {
    title: "Ten triggers of one incident in the same moment",
    options: { faults: { startGap: () => gap() } },
    onlyHere: "it needs starts that race",
  },
  (app) => {
    it("make one run and one comment, and one of them is answered as no duplicate", async () => {
      gap = barrier(times);
      const { sentinel } = app().services;
      const armId = sentinel.addIncident({ entities: [address(knownToVirusTotal.cleanAddress)] });
      const body = sentinel.triggerBody(armId);
      const answers = await Promise.all(
        Array.from({ length: times }, () => postIncident(app().origin, body)),
      );
      const accepted = { instanceId: expect.stringContaining("sentinel-"), accepted: true };
      expect(answers.toSorted((a, b) => Number(a.duplicate) - Number(b.duplicate))).toEqual([
        { ...accepted, duplicate: false },
        ...Array(times - 1).fill({ ...accepted, duplicate: true }),
      ]);
      const { writes, run } = await app().ended(armId);
      expect([run.runtimeStatus, writes]).toEqual(["Completed", { comments: 1, tags: 1 }]);
    });
  },
);
