import type { Secret } from "../../domain/attempt";
import type { Indicator, IndicatorKind } from "../../domain/indicators/indicator";
import type { Consultation, Outcome, Provider } from "../../domain/lookups/provider";
import type { QuotaSetting } from "../../domain/lookups/quota";
import { createHttpClient, type HttpAnswer } from "../http";
import { keyIdOf } from "../key-id";
import { pauseSeconds } from "../retry-after";
import { outcomeFrom } from "./answer";
import { isReportOf, pathOf } from "./identifiers";
import { createVirusTotalQuota } from "./quota";
import type { Thresholds } from "./verdict";
import { errorSchema, reportSchema } from "./wire";

export interface VirusTotalOptions {
  /** Base URL of the API, e.g. `https://www.virustotal.com/api/v3`. */
  readonly endpoint: string;
  readonly key: Secret;
  readonly kinds: readonly IndicatorKind[];
  readonly off: Provider["off"];
  readonly quota: QuotaSetting;
  readonly thresholds: Thresholds;
  /** Product and version. */
  readonly userAgent: string;
  /** Milliseconds for one lookup; default 18,000. */
  readonly timeoutMs?: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Nothing is submitted: a lookup only reads the report that VirusTotal has. */
export function createVirusTotal(options: VirusTotalOptions): Provider {
  const { key, kinds, off, quota, thresholds, now, timeoutMs = 18_000 } = options;
  const http = createHttpClient({
    baseUrl: options.endpoint,
    timeoutMs,
    // Answers are compressed only for a user agent that names gzip (vt-py, vt/client.py).
    userAgent: `${options.userAgent} (gzip)`,
  });

  const lookup = async (indicator: Indicator, afresh: boolean, signal: AbortSignal) => {
    const read = await key.read({ afresh });
    if (read.kind === "again") return again("fault", read.reason, read.afterSeconds ?? 5);
    if (read.kind === "refused") return final({ kind: "notChecked", cause: "key", reason: read.reason });
    if (!read.value) return final({ kind: "off", reason: `VirusTotal has no API key: set ${key.setting}` });
    // Without x-tool a licence for Google Threat Intelligence shows no assessment.
    const headers = { "x-apikey": read.value, "x-tool": options.userAgent };
    const answer = await http({ method: "GET", path: pathOf(indicator), headers, signal });
    return consultationFrom(answer, indicator);
  };

  const consultationFrom = (answer: HttpAnswer, indicator: Indicator): Consultation | "keyRejected" => {
    if (answer.kind === "fault")
      return again("fault", `VirusTotal gave no usable answer: ${answer.reason}`, 5);
    const { status, body } = answer;
    if (status === 200) return consultationFromReport(body, indicator);
    const pause = (otherwise: number) => pauseSeconds(answer.headers, now(), otherwise);
    // Every refusal of VirusTotal's own has a code; one without it comes from something in between.
    const code = errorSchema.safeParse(body).data?.error.code;
    if (status === 400 && code === "NotAvailableYet")
      return again("pending", "VirusTotal's report is not ready yet", pause(30));
    if (status === 400 && code)
      return final({ kind: "notKnown", reason: `VirusTotal does not accept this ${indicator.kind}` });
    if (status === 401) return "keyRejected";
    if (status === 403 && code) return final(rightMissing);
    if (status === 404 && code === "NotFoundError")
      return final({ kind: "notKnown", reason: "VirusTotal has no record" });
    if (status === 429) return again("quota", "VirusTotal's quota is spent (HTTP 429)", pause(60));
    return again("fault", `VirusTotal answered with HTTP ${status}`, pause(5));
  };

  const consultationFromReport = (body: unknown, indicator: Indicator): Consultation => {
    const report = reportSchema.safeParse(body).data?.data;
    if (!report) return again("fault", "VirusTotal's answer was not readable", 5);
    if (!isReportOf(report, indicator)) return again("fault", "VirusTotal answered for something else", 5);
    return final(outcomeFrom(report, indicator, thresholds, now()));
  };

  const rightMissing: Outcome = {
    kind: "notChecked",
    cause: "right",
    reason: `VirusTotal refuses this to the API key (HTTP 403): check the privileges of the key in ${key.setting}`,
  };
  const rejected: Outcome = {
    kind: "notChecked",
    cause: "key",
    reason: `VirusTotal rejected the API key (HTTP 401): check ${key.setting}`,
  };

  return {
    id: "virustotal",
    title: "VirusTotal",
    kinds,
    off,
    quota,
    basis: `${thresholds.maliciousFrom}-${thresholds.suspiciousFrom}`,
    ...(Object.values(quota).includes("auto") ? { auto: createVirusTotalQuota(key, http) } : {}),
    keyId: () => keyIdOf(key),
    async consult(indicator) {
      const signal = AbortSignal.timeout(timeoutMs);
      const kept = await lookup(indicator, false, signal);
      // The key may have been replaced since it was read.
      const told = kept === "keyRejected" ? await lookup(indicator, true, signal) : kept;
      return told === "keyRejected" ? final(rejected) : told;
    },
  };
}

function final(outcome: Outcome): Consultation {
  return { kind: "final", outcome };
}

function again(cause: "pending" | "quota" | "fault", reason: string, afterSeconds: number): Consultation {
  return { kind: "again", cause, reason, afterSeconds };
}
