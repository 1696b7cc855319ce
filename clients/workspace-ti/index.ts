import { z } from "zod";
import { indicatorKinds } from "../../domain/indicators/indicator";
import { counted } from "../../domain/text";
import { describeProvider, type ProviderOutside, type ServiceCheck } from "../provider-description";
import { onOrOff } from "../setting-values";
import { createWorkspaceTi, title } from "./provider";
import { days, ifTableIsMissing, sizeQuery } from "./wire";

export const workspaceTi = describeProvider({
  id: "workspace-ti",
  title,
  linkHosts: [],
  secrets: {},
  settings: { WORKSPACE_TI: onOrOff.default(true) },
  exclusions: { "workspace-ti": indicatorKinds },

  create({ WORKSPACE_TI: isOn }, outside) {
    return {
      provider: createWorkspaceTi({ isOn, runLogQuery: outside.runLogQuery }),
      check: async (): Promise<ServiceCheck> =>
        isOn ? checkEntries(outside) : { state: "off", text: "WORKSPACE_TI is off" },
    };
  },
});

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
