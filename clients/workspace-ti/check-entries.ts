import { z } from "zod";
import { counted } from "../../domain/text";
import type { ProviderOutside, ServiceCheck } from "../provider-description";
import { days, ifTableIsMissing, sizeQuery } from "./query";

const size = z.object({ Entries: z.number() });

/** How many entries each workspace has. */
export async function checkEntries({
  runLogQuery,
  workspaces,
}: Pick<ProviderOutside, "runLogQuery" | "workspaces">): Promise<ServiceCheck> {
  const checks = await Promise.all(
    workspaces.map(async (scope) => {
      const read = await runLogQuery({ scope, text: sizeQuery, days, ifTableIsMissing });
      const name = scope.split("/").at(-1);
      if (read.kind !== "done") return { isOk: false, text: `${name}: ${read.reason}` };
      const entries = size.safeParse(read.value[0]).data?.Entries ?? 0;
      return { isOk: true, text: `${name} has ${counted(entries, "entry", "entries")}` };
    }),
  );
  return {
    state: checks.every(({ isOk }) => isOk) ? "ok" : "failed",
    text: checks.map(({ text }) => text).join("; "),
  };
}
