import type { AnalysisBudget } from "../../domain/lookups/analysis-budget";
import { type Consultation, final, type Provider, switchedOffBy } from "../../domain/lookups/provider";
import { fileAnalysis, urlAnalysis } from "./analysis-kind";
import type { IntezerClient } from "./client";
import { consultIntezer } from "./lookup";

export interface IntezerProviderOptions {
  readonly client: IntezerClient;
  /** Files are looked up by hash, and analysed when Intezer has a copy (setting INTEZER_FILES). */
  readonly files: boolean;
  /** URLs are analysed: Intezer opens them (setting INTEZER_URLS). */
  readonly urls: boolean;
  /** Own limit for new analyses (setting INTEZER_ANALYSES_PER_DAY); absent: none but the plan's. */
  readonly budget?: AnalysisBudget;
  /** Milliseconds for the details of one bad file, which come after its verdict; default 6,000. */
  readonly detailsMs?: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Intezer as a provider: files by their latest result or else a new analysis, URLs by a new analysis. A running analysis
 * is joined, so a consultation can be repeated without paying twice; only a URL whose analysis ended in between is
 * analysed again, since Intezer has no latest result for URLs.
 */
export function createIntezerProvider(options: IntezerProviderOptions): Provider {
  const { client, budget, detailsMs = 6_000, now } = options;
  const outside = { client, budget, detailsMs, now };
  const switches = [
    { kind: "file", analysis: fileAnalysis, isOn: options.files },
    { kind: "url", analysis: urlAnalysis, isOn: options.urls },
  ] as const;

  return {
    id: "intezer",
    title: "Intezer",
    kinds: switches.filter(({ isOn }) => isOn).map(({ kind }) => kind),
    off: Object.fromEntries(
      switches
        .filter(({ isOn }) => !isOn)
        .map(({ kind, analysis }) => [kind, switchedOffBy(analysis.setting)]),
    ),
    quota: { perMinute: 0, perDay: 0, perMonth: 0 },
    endpoint: client.endpoint,
    readsFragments: true,
    keyId: () => client.keyId(),
    async consult(indicator, continuation) {
      const chosen = switches.find(({ kind }) => kind === indicator.kind);
      if (!chosen) return off(`Intezer does not analyse this kind: ${indicator.kind}`);
      if (!chosen.isOn) return off(switchedOffBy(chosen.analysis.setting));
      const withheld = chosen.analysis.withheldReason(indicator);
      if (withheld) return off(withheld);
      return consultIntezer(outside, chosen.analysis, indicator, continuation);
    },
  };
}

function off(reason: string): Consultation {
  return final({ kind: "off", reason });
}
