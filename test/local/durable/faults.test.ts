import { join } from "node:path";
import { setImmediate as nextLoop } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { skippingClock } from "../../../local/clock";
import type { RuntimeFaults } from "../../../local/durable/faults";
import { openTaskHub } from "../../../local/durable/task-hub";
import { loadApp } from "../../../local/host/core-module";
import { manage } from "../../support/hub-server";

const appFile = join(__dirname, "../../fixtures/durable/careless.cjs");
const headers = { "content-type": "application/json" };
const runs = Array.from({ length: 20 }, (_, n) => `run-${n}`);

/** Starts runs of an orchestrator, raises an event at each at once, and gives the outputs, once nothing moves any more. */
async function outputsOf(orchestrator: string, faults: RuntimeFaults): Promise<readonly unknown[]> {
  const app = loadApp(appFile, () => {});
  const clock = skippingClock();
  const hub = await openTaskHub({ app, clock, name: "Hub", authority: () => "", faults });
  for (const id of runs) {
    await manage(hub, "POST", `orchestrators/${orchestrator}/${id}`, { body: "{}", headers });
    const raised = await manage(hub, "POST", `instances/${id}/raiseEvent/Approved`, { body: "{}", headers });
    expect(raised.status).toBe(202);
  }
  const outputs = async () => {
    const replies = await Promise.all(runs.map((id) => manage(hub, "GET", `instances/${id}`)));
    return replies.map(({ body }) => JSON.parse(body).output ?? "(runs for ever)");
  };
  for (let loops = 0; loops < 1000 && (await outputs()).includes("(runs for ever)"); loops++)
    await nextLoop();
  const found = await outputs();
  await hub.stop();
  return found;
}

const everyWay: readonly [
  option: string,
  faults: RuntimeFaults,
  orchestrator: string,
  right: unknown,
  wrong: unknown,
][] = [
  ["timers that fire early", { earlyTimers: true }, "opensAtNine", "open", "still closed"],
  [
    "events lost at Pending instances",
    { loseEventsAtPending: true },
    "waitsForApproval",
    "approved",
    "(runs for ever)",
  ],
  ["activities that run twice", { runActivitiesTwice: true }, "pays", 10, 20],
  ["results in any order", { shuffleResults: true }, "asksTheBestFirst", "best", "third"],
  ["pauses between steps", { pauseMs: 60_000 }, "holdsALease", "held", "lost"],
];

describe.each(everyWay)("%s", (_, faults, orchestrator, right, wrong) => {
  test(`show that ${orchestrator} is careless`, async () => {
    expect(await outputsOf(orchestrator, faults)).toContain(wrong);
  });

  test("are off by default", async () => {
    expect(new Set(await outputsOf(orchestrator, {}))).toEqual(new Set([right]));
  });
});

test("the same seed draws the same, another seed something else", async () => {
  const drawn = (seed: number) => outputsOf("asksTheBestFirst", { shuffleResults: true, seed });
  const first = await drawn(1);
  expect(await drawn(1)).toEqual(first);
  expect(await drawn(2)).not.toEqual(first);
});
