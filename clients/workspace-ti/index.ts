import { indicatorKinds } from "../../domain/indicators/indicator";
import { describeProvider, type ServiceCheck } from "../provider-description";
import { oneOf } from "../setting-values";
import { checkEntries } from "./check-entries";
import { createWorkspaceTi, title } from "./provider";

export const workspaceTi = describeProvider({
  id: "workspace-ti",
  title,
  linkHosts: [],
  secrets: {},
  settings: { WORKSPACE_TI: oneOf(["on", "off"]).default("on") },
  exclusions: { "workspace-ti": indicatorKinds },

  create({ WORKSPACE_TI }, outside) {
    const isOn = WORKSPACE_TI === "on";
    return {
      provider: createWorkspaceTi({ isOn, runLogQuery: outside.runLogQuery }),
      check: async (): Promise<ServiceCheck> =>
        isOn ? checkEntries(outside) : { state: "off", text: "WORKSPACE_TI is off" },
    };
  },
});
