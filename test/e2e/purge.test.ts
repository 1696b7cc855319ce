import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { address } from "../support/entities";

const dayMs = 24 * 60 * 60 * 1000;
const entities = [address(knownToVirusTotal.cleanAddress)];

describeStories({ title: "The task hub", onlyHere: "minutes pass in it" }, (app) => {
  const instances = async () => (await app().instances()).map(({ instanceId }) => instanceId);
  const passed = (ms: number) =>
    new Promise<void>((rung) => void app().clock.alarm(app().clock.now() + ms, rung));

  it("forgets a run with its children after 30 days, and keeps younger ones and those that still run", async () => {
    const { clock, origin, services } = app();
    const old = await app().enrich({ entities });
    const waiting = services.sentinel.addIncident({ entities });
    const suspended = `${origin}/runtime/webhooks/durabletask/instances/sentinel-${waiting.split("/").at(-1)}`;
    const release = clock.hold();
    await postIncident(origin, services.sentinel.triggerBody(waiting));
    await fetch(`${suspended}/suspend`, { method: "POST" });
    release();

    await passed(29 * dayMs);
    expect(await instances()).toContain(`sentinel-${old.armId.split("/").at(-1)}`);
    const young = await app().enrich({ entities });
    await passed(2 * dayMs);
    await expect.poll(instances).not.toContain(`sentinel-${old.armId.split("/").at(-1)}`);
    const left = await instances();
    expect(left.filter((id) => id.includes(old.armId.split("/").at(-1) ?? ""))).toEqual([]);
    expect(left).toContain(`sentinel-${young.armId.split("/").at(-1)}`);
    expect(left).toContain(`sentinel-${waiting.split("/").at(-1)}`);
    await fetch(`${suspended}/terminate`, { method: "POST" });
  });
});
