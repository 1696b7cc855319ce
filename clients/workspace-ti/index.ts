import { indicatorKinds } from "../../domain/indicators/indicator";
import { describeProvider, type ServiceCheck } from "../provider-description";
import { onOrOff } from "../setting-values";
import { checkEntries } from "./check-entries";
import { createWorkspaceTi, title } from "./provider";

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
