import { expect, test } from "vitest";
import { play } from "../../support/generated/play";
import type { Script } from "../../support/generated/script";
import { deliveryId } from "../../support/generated/world";

const quiet: Script = {
  kinds: Array(40).fill("address"),
  added: [],
  providers: [{ id: "swift", lookups: Array(40).fill({ before: [], end: "clean" }), crashes: [] }],
  fetch: [],
  fetchAgain: [],
  context: [],
  post: [],
  tag: [],
  submit: [],
  read: [],
  settings: { firstCommentSeconds: 20, deadlineSeconds: 40, commentWhen: "always", alerts: "off" },
  runtimeFaults: {},
};

/** How many batches the provider was asked for. */
const batchesIn = ({ turns }: Awaited<ReturnType<typeof play>>) => {
  const lastTurns = new Map(turns.map(({ instanceId, answer }) => [instanceId, answer]));
  return [...lastTurns.values()].join().split('"functionName":"consult"').length;
};

test("a worker that dies under one batch of lookups costs that batch one more try, and the others nothing", async () => {
  const whole = await play(quiet);
  const hurt = await play({
    ...quiet,
    providers: quiet.providers.map((provider) => ({ ...provider, crashes: [1] })),
  });
  expect(hurt.run.output).toMatchObject({ verdict: "clean", clean: 40, notChecked: 0 });
  expect(batchesIn(hurt) - batchesIn(whole)).toBe(1);
});

test("a worker that dies under a submission costs neither the comment nor the triage", async () => {
  const settings = {
    ...quiet.settings,
    firstCommentSeconds: 120,
    deadlineSeconds: 300,
    alerts: "submit",
  } as const;
  const { run, world } = await play({ ...quiet, submit: ["throws"], settings });
  expect(run.runtimeStatus).toBe("Completed");
  expect(world.comments.get("first")?.report.incidentSubmitted).toBe(true);
  expect(world.reported).toEqual([deliveryId]);
});
