import { z } from "zod";
import { createAnalysisBudget } from "../../domain/lookups/quota-ledger";
import { alertModes } from "../../domain/run/settings";
import { describeProvider, type ServiceCheck } from "../provider-description";
import { endpoint, oneOf, switched, wholeNumber } from "../setting-values";
import { createIntezerClient, type IntezerClient } from "./client";
import { createIntezerProvider } from "./provider";
import { createIntezerTriage } from "./triage";

export const intezer = describeProvider({
  id: "intezer",
  title: "Intezer",
  /** Intezer has a host for each region. */
  linkHosts: [".intezer.com"],
  secrets: {
    key: { setting: "INTEZER_API_KEY", vaultName: "intezer-api-key" },
    webhook: {
      setting: "INTEZER_WEBHOOK_AUTHORIZATION",
      vaultName: "intezer-webhook-authorization",
      isOptional: true,
    },
  },
  settings: {
    INTEZER_ENDPOINT: endpoint().default("https://analyze.intezer.com/api/v2-0"),
    INTEZER_FILES: switched.default(true),
    INTEZER_URLS: switched.default(false),
    INTEZER_ANALYSES_PER_DAY: wholeNumber(0).default(0),
    INTEZER_ALERTS: oneOf(alertModes).default("off"),
  },
  conflicts: ({ INTEZER_ALERTS: mode }, hasSecrets) =>
    hasSecrets || mode === "off"
      ? []
      : [
          `INTEZER_ALERTS: is ${mode}, but Intezer has no key: set INTEZER_API_KEY or KEY_VAULT_URL, or switch it off`,
        ],
  exclusions: { "intezer-alerts": "alerts", "intezer-files": ["file"], "intezer-urls": ["url"] },

  create(settings, { secrets, ledger, incidentFrom, userAgent, now }) {
    const { INTEZER_ENDPOINT: endpoint, INTEZER_ANALYSES_PER_DAY: perDay } = settings;
    const client = createIntezerClient({ endpoint, key: secrets.key, userAgent, now });
    return {
      provider: createIntezerProvider({
        client,
        files: settings.INTEZER_FILES,
        urls: settings.INTEZER_URLS,
        ...(perDay > 0 && { budget: createAnalysisBudget(ledger, "intezer", perDay) }),
        now,
      }),
      triage: {
        service: createIntezerTriage({ client, incidentFrom, now }),
        mode: settings.INTEZER_ALERTS,
        authorization: secrets.webhook,
      },
      check: () => checkKey(client),
    };
  },
});

const usageSchema = z.object({
  result: z.object({
    file_scans: z
      .object({ quota: z.number(), usage: z.number(), type: z.string().catch("plan's") })
      .optional()
      .catch(undefined),
  }),
});

/** Exchanges the key for a token and asks what is left of the plan, which costs nothing. Never throws. */
async function checkKey(client: IntezerClient): Promise<ServiceCheck> {
  const answer = await client.send({ method: "GET", path: "/current-quota-usage" }, client.timeLimit());
  if (answer.kind === "noKey") return { state: "off", text: answer.reason };
  if (answer.kind !== "answer") return { state: "failed", text: `Intezer: ${answer.reason}` };
  if (answer.status !== 200)
    return {
      state: "failed",
      text: `the key gives a token, but Intezer answered HTTP ${answer.status} about its quota: check the plan and the role of the account`,
    };
  const scans = usageSchema.safeParse(answer.body).data?.result.file_scans;
  if (!scans)
    return { state: "ok", text: "key accepted; Intezer does not say how many files it may analyse" };
  const text = `key accepted; ${scans.usage} of ${scans.quota} file analyses used (${scans.type})`;
  return scans.usage < scans.quota
    ? { state: "ok", text }
    : { state: "failed", text: `${text}: the quota is spent` };
}
