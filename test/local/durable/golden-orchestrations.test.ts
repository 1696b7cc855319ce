import { describe, expect, test } from "vitest";
import { byInstance, comparable, play, type Recording, readGolden, recordings } from "../../support/golden";

const unknownFunction = "Orchestrator function '(name)' failed: The function 'nope' doesn't exist";

/** Runs that hang on a real host for ever and here fail with a text: so the cause shows at once. */
const failsHere: Readonly<Record<string, string>> = {
  "disagree-unknown-activity": unknownFunction.replace("(name)", "typo"),
  "disagree-unknown-sub-orchestrator": unknownFunction.replace("(name)", "subTypo"),
};

describe("what a real host did, the engine does", () => {
  test.each(recordings)("%s", async (name) => {
    const recording = readGolden(`orchestrations/${name}.json`) as Recording;
    const played = await play(recording);
    expect(byInstance(played.turns)).toEqual(byInstance(recording.turns));
    const reason = failsHere[name];
    if (reason === undefined) expect(comparable(played.statuses)).toEqual(comparable(recording.statuses));
    else
      expect(played.statuses).toMatchObject([
        { body: { runtimeStatus: "Failed", output: expect.stringContaining(reason) } },
      ]);
  });
});
