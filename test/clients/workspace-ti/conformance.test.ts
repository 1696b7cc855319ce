import { createLogQuery } from "../../../clients/log-analytics/log-reader";
import { createWorkspaceTi } from "../../../clients/workspace-ti/provider";
import { isQuery, startLogAnalyticsSimulator } from "../../../local/simulators/log-analytics";
import { describeProvider } from "../../support/provider-conformance";
import { workspaceId } from "../../support/requests";

describeProvider({
  title: "the workspace's threat intelligence as a provider",
  linkHosts: [],
  isKeyless: true,
  isOfAzure: true,
  worst: "suspicious",
  withoutRecord: "noOpinion",
  calls: { "the query": isQuery("threat-intelligence") },
  async start({ clock, timeoutMs }) {
    const simulator = await startLogAnalyticsSimulator({ clock, workspaces: [workspaceId] });
    simulator.addThreat({ value: "login.example.net", description: "Credential phishing" });
    const { endpoint } = simulator;
    const credential = { getToken: () => Promise.reject(new Error("No token may be requested.")) };
    return {
      simulator,
      provider: createWorkspaceTi({
        isOn: true,
        runLogQuery: createLogQuery({ endpoint, credential, timeoutMs }),
      }),
      malicious: { kind: "domain", value: "login.example.net" },
      notKnown: { kind: "domain", value: "example.com" },
    };
  },
});
