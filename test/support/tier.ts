/** In `npm run test:full`. */
export const isFull = process.env.TEST_TIER === "full";

/** How many cases a generated test draws: few in `npm test`, all in `npm run test:full` (vitest.config.mts). */
export function casesIn({ quick, full }: { readonly quick: number; readonly full: number }): number {
  return isFull ? full : quick;
}
