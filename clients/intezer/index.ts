import { createAnalysisBudget } from "../../domain/lookups/analysis-budget";
import { alertModes } from "../../domain/run/settings";
import { describeProvider } from "../provider-description";
import { endpoint, oneOf, switched, wholeNumber } from "../setting-values";
import { checkKey } from "./check-key";
import { createIntezerClient } from "./client";
import { createIntezerProvider } from "./provider";
import { createIntezerTriage } from "./triage/triage-service";

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
