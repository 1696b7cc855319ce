import { type FaultCounts, noFaults } from "./faults";
import { checkSameLookups } from "./lookups";
import { type MergesIn, runStory, type Story } from "./story";

export interface SeedResult {
  readonly seed: number;
  readonly faults: FaultCounts;
  /** At VirusTotal, where incidents were merged and the same story was run without that. */
  readonly lookups?: { readonly canFail: boolean; readonly merged: LookupSum; readonly unmerged: LookupSum };
  /** What an analyst or operator would complain about. */
  readonly problems: readonly string[];
}

export interface LookupSum {
  readonly requests: number;
  /** Different things asked for. */
  readonly subjects: number;
}

interface SeedOptions {
  readonly merges: Exclude<MergesIn, "none">;
  readonly isCompared: boolean;
}

/**
 * Runs the story of a seed. Where `isCompared`, one that merges is compared with the same story without merges: all of them when all merge,
 * otherwise those whose lookups cannot fail.
 */
export async function runSeed(seed: number, { merges, isCompared }: SeedOptions): Promise<SeedResult> {
  // With half of them the lookups are compared exactly, in spite of faults.
  const sparesLookups = merges === "all" && seed % 2 === 0;
  try {
    const story = await runStory(seed, { merges, sparesLookups });
    const hasTwin = isCompared && story.isMerging && (merges === "all" || story.lookups.areLookupsQuiet);
    if (!hasTwin) return { seed, faults: story.faults, problems: story.problems };
    const twin = await runStory(seed, { merges: "none", sparesLookups });
    return { seed, ...compared(story, twin) };
  } catch (error) {
    return { seed, faults: noFaults(), problems: [String(error)] };
  }
}

function compared(story: Story, twin: Story): Omit<SeedResult, "seed"> {
  const differences = story.lookups.areLookupsQuiet ? checkSameLookups(story.lookups, twin.lookups) : [];
  return {
    faults: story.faults,
    lookups: {
      canFail: !story.lookups.areLookupsQuiet,
      merged: sumOf(story),
      unmerged: sumOf(twin),
    },
    problems: [
      ...story.problems,
      ...differences,
      ...twin.problems.map((problem) => `without merges: ${problem}`),
    ],
  };
}

const sumOf = ({ lookups: { lookups } }: Story): LookupSum => ({
  requests: lookups.length,
  subjects: new Set(lookups.map(({ path }) => path)).size,
});
