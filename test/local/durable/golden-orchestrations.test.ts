import { describe, expect, test } from "vitest";
import { byInstance, comparable, play, type Recording, readGolden, recordings } from "../../support/golden";

describe("what a real host did, the engine does", () => {
  test.each(recordings)("%s", async (name) => {
    const recording = readGolden(`orchestrations/${name}.json`) as Recording;
    const played = await play(recording);
    expect(byInstance(played.turns)).toEqual(byInstance(recording.turns));
    expect(comparable(played.statuses)).toEqual(comparable(recording.statuses));
  });
});
