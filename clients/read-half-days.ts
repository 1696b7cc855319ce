import { type Attempt, done } from "../domain/attempt";
import { type HalfOfDay, halfOfDay } from "../domain/lookups/half-of-day";
import type { CreatedProvider } from "./create-providers";

/**
 * Half of the daily quota of each provider that reports what its key has left. Reads it from the services, which spends no
 * quota. Refused if one of them refuses its key.
 */
export async function readHalfDays(
  providers: readonly Pick<CreatedProvider, "provider" | "standing">[],
): Promise<Attempt<readonly HalfOfDay[]>> {
  const halves = await Promise.all(
    providers.flatMap(({ provider, standing }) =>
      standing ? [standing().then((said) => halfOfDay(provider, said))] : [],
    ),
  );
  const refusal = halves.find((half) => half.kind !== "done");
  return refusal ?? done(halves.flatMap((half) => (half.kind === "done" ? [half.value] : [])));
}
