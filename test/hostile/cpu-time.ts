/**
 * Least processor time that a call takes, in milliseconds, of several runs: what other processes do is not in it,
 * and what this one does beside (compiling, collecting garbage) is not in every run. Ends with the first run below
 * `enough`, or far above it: no other process makes that much of it.
 */
export function leastCpuMs(call: () => unknown, enough: number, runs = 12): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs && least >= enough; run++) {
    const before = process.cpuUsage();
    call();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
    if (least > 20 * enough && enough > 0) break;
  }
  return least;
}
