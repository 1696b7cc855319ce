import { convert } from "html-to-text";
import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address } from "../support/entities";

const { cleanAddress, maliciousAddress } = knownToVirusTotal;
const mail = { kind: "MailMessage", properties: { recipient: "pat@contoso.com", subject: "Your invoice" } };
const account = { kind: "Account", properties: { accountName: "pat", upnSuffix: "contoso.com" } };
const minuteMs = 60_000;

const isReadingOf =
  (armId: string) =>
  ({ path }: { path: string }) =>
    path.endsWith(`${armId.split("/").at(-1)}/entities`);

/** The requests for an incident's entities. */
const readings = ({ services }: Enricher, armId: string) =>
  services.sentinel.requests.filter(isReadingOf(armId));

/** What the first readings of an incident show instead of its entities. */
function showFirst({ services }: Enricher, armId: string, entities: readonly object[], times: number) {
  services.sentinel.script({
    match: isReadingOf(armId),
    fault: { status: 200, json: { entities, metaData: [] } },
    times,
  });
}

describeStories(
  { title: "Entities that come before there is an indicator", onlyHere: "minutes pass in it" },
  (app) => {
    it("are read again after the pauses of ENTITY_RETRY_SECONDS until there is one", async () => {
      const { sentinel } = app().services;
      const armId = sentinel.addIncident({ entities: [account, address(maliciousAddress)] });
      const early = { id: "1", name: "1", ...account };
      showFirst(app(), armId, [early], 2);
      await postIncident(app().origin, sentinel.triggerBody(armId));
      const { output, comments } = await app().ended(armId);
      const [first = 0, second = 0, third = 0] = readings(app(), armId).map(({ at }) => at);
      expect(second - first).toBeGreaterThanOrEqual(59_000);
      expect(second - first).toBeLessThan(2 * minuteMs);
      expect(third - second).toBeGreaterThanOrEqual(299_000);
      expect(output).toMatchObject({ indicators: 1, malicious: 1 });
      expect(comments).toHaveLength(1);
    });
  },
);

describeStories({ title: "Entities that come after the comment", onlyHere: "minutes pass in it" }, (app) => {
  it.each([
    { what: "about mail", seed: { entities: [mail, address(cleanAddress)] } },
    {
      what: "of Microsoft Defender",
      seed: { entities: [address(cleanAddress)], providerName: "Microsoft XDR" },
    },
  ])("of an incident $what are in the comment of another run", async ({ seed }) => {
    const { services, clock } = app();
    const armId = services.sentinel.addIncident(seed);
    const release = clock.hold();
    clock.alarm(clock.now() + 5 * minuteMs, () =>
      services.sentinel.addEntities(armId, [address(maliciousAddress)]),
    );
    await postIncident(app().origin, services.sentinel.triggerBody(armId));
    release();
    await app().settled();
    const last = await app().ended(armId);
    expect(last.output).toMatchObject({ verdict: "malicious", indicators: 2, notChecked: 0 });
    const shown = maliciousAddress.replaceAll(".", "[.]");
    const comments = last.comments.map(({ html }) => convert(html, { wordwrap: false }));
    expect(comments.map((comment) => comment.includes(shown))).toEqual([false, true]);
    expect(last.tags).toEqual(["enriched", "threat-found"]);
  });

  it("of a mail incident are in a comment also where the reading beside the first comment failed", async () => {
    const { services, clock, origin } = app();
    const armId = services.sentinel.addIncident({ entities: [mail, address(cleanAddress)] });
    let count = 0;
    services.sentinel.script({
      match: (request) => isReadingOf(armId)(request) && ++count > 1,
      fault: { status: 500, json: {} },
    });
    // Changed since the first reading: an incident that has not changed has no other entities.
    services.sentinel.tagAfterRead(armId, "vip");
    const release = clock.hold();
    clock.alarm(clock.now() + 5 * minuteMs, () =>
      services.sentinel.addEntities(armId, [address(maliciousAddress)]),
    );
    await postIncident(origin, services.sentinel.triggerBody(armId));
    release();
    await app().settled();
    expect((await app().ended(armId)).output).toMatchObject({ verdict: "malicious", indicators: 2 });
  });

  it("of a mail incident in which nothing comes cost one reading and no run", async () => {
    const { armId, output } = await app().enrich({ entities: [mail, address(cleanAddress)] });
    await app().settled();
    expect(readings(app(), armId)).toHaveLength(2 + 1);
    const last = await app().ended(armId);
    expect(last.output.run).toBe(output.run);
    expect(last.comments).toHaveLength(1);
  });

  it("are not looked for where none can be expected", async () => {
    const { armId } = await app().enrich({ entities: [address(cleanAddress)] });
    await app().settled();
    expect(readings(app(), armId)).toHaveLength(2);
    expect(await app().instances(armId.split("/").at(-1))).toHaveLength(1);
  });
});
