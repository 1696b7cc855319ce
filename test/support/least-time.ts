/**
 * Least time that a call takes, in milliseconds, of several runs, each the shorter one of processor time and real
 * time: the first has no other process in it, the second no collection of garbage beside the call. Ends with the
 * first run below `enough`, or far above it: nothing beside the call makes that much of it.
 */
export function leastMs(call: () => unknown, enough: number, runs = 12): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs && least >= enough; run++) {
    const [cpu, start] = [process.cpuUsage(), performance.now()];
    call();
    const real = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    least = Math.min(least, real, (user + system) / 1_000);
    if (least > 20 * enough && enough > 0) break;
  }
  return least;
}

/** What no call may reach on an idle machine, in milliseconds. */
export const longestMs = 50;

const letters = "a".repeat(100_000);
const pairs = "😀".repeat(50_000);

/** What regular expressions over as much text take in this process, which may have long ceased to compile them. */
function otherWork(): void {
  [...letters.matchAll(/./g)];
  pairs.replace(/(?<!\p{L})\p{M}+|[\p{Cc}\p{Cf}]/gu, "");
}

/**
 * How long a call takes that takes too long, for people; `undefined` for any other. Where this process, as it is now,
 * takes longer for other work over as much text, the call may as well.
 */
export function slowTime(call: () => unknown): string | undefined {
  const ms = leastMs(call, longestMs);
  if (ms < longestMs) return undefined;
  const limit = Math.max(longestMs, 4 * leastMs(otherWork, 0, 3));
  return ms < limit ? undefined : `${Math.round(ms)} ms`;
}
