import fc from "fast-check";
import { expectDeterminism, expectNothingOpen } from "./expectations";
import { type Played, play } from "./play";
import type { Script } from "./script";

/** Plays so many scripts, each of which is to end, to replay alike, and to go as expected. */
export async function assertPlayed(
  scripts: fc.Arbitrary<Script>,
  count: number,
  expectRight: (played: Played, script: Script) => void,
): Promise<void> {
  const property = fc.asyncProperty(scripts, async (script) => {
    const played = await play(script);
    expectNothingOpen(played);
    expectRight(played, script);
    await expectDeterminism(script, played);
  });
  await fc.assert(property, { numRuns: count });
}
