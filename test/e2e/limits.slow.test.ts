import { convert } from "html-to-text";
import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { address } from "../support/entities";

const { cleanAddress } = knownToVirusTotal;
const text = (html: string | undefined) => convert(html ?? "", { wordwrap: false });
const comments = (count: number) => Array.from({ length: count }, (_, i) => `seen ${i}`);

describeStories({ title: "An incident with many comments" }, (app) => {
  it("of 89 gets a whole comment, and from 90 on a short one that says where the rest is", async () => {
    const whole = await app().enrich({ entities: [address(cleanAddress)], comments: comments(89) });
    expect(text(whole.comments.at(-1)?.html)).toContain("Clean (1):");
    const short = await app().enrich({ entities: [address(cleanAddress)], comments: comments(90) });
    const html = short.comments.at(-1)?.html;
    expect(text(html)).not.toContain("Clean (1):");
    expect(text(html)).toMatch(/no known threat: the only indicator is clean\./i);
    expect(text(html)).toContain(`sentinel-${short.armId.split("/").at(-1)}`);
    expect(short.output.warnings).toEqual([]);
  });

  it("of 100 gets its tags and no comment, and the run says so", async () => {
    const full = await app().enrich({ entities: [address(cleanAddress)], comments: comments(100) });
    expect(full.run.runtimeStatus).toBe("Completed");
    expect(full.writes).toEqual({ comments: 0, tags: 1 });
    expect(full.output).toMatchObject({
      commentIds: [],
      tags: ["enriched", "no-known-threat"],
      warnings: [expect.stringContaining("the maximum number of comments")],
    });
  });
});

describeStories(
  {
    title: "Sentinel's documented minimum for a subscription",
    settings: { VIRUSTOTAL_REQUESTS_PER_MINUTE: "0", VIRUSTOTAL_REQUESTS_PER_DAY: "0" },
    options: { sentinel: { limited: true } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    const windowMs = 5 * 60_000;

    it("makes 160 incidents at once wait for no longer than it has to, and loses none", async () => {
      const { clock, origin, services } = app();
      const { sentinel } = services;
      const startedAt = clock.now();
      const armIds = Array.from({ length: 160 }, () =>
        sentinel.addIncident({ entities: [address(cleanAddress)] }),
      );
      const release = clock.hold();
      await Promise.all(armIds.map((armId) => postIncident(origin, sentinel.triggerBody(armId))));
      release();
      for (const armId of armIds) await app().ended(armId);
      const took = clock.now() - startedAt;
      for (const armId of armIds) {
        expect(sentinel.incident(armId).writes).toEqual({ comments: 1, tags: 1 });
        expect(sentinel.incident(armId).tags).toEqual(["enriched", "no-known-threat"]);
      }
      // 75 comments at once, 75 after five minutes, the rest after ten: none has to wait for a fourth window.
      expect(took).toBeGreaterThan(2 * windowMs);
      expect(took).toBeLessThan(3 * windowMs);
    });
  },
);
