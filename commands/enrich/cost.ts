import type { Config } from "../../config";
import type { Indicator, IndicatorKind } from "../../domain/indicators/indicator";
import { kindCounts } from "../../domain/indicators/label";
import { counted } from "../../domain/text";

/** What a run will ask one provider. */
interface Cost {
  readonly title: string;
  readonly lookups: number;
  /** For people: "2 lookups (1 file, 1 URL)". */
  readonly text: string;
}

/** How many indicators each provider will be asked about, by the kinds that are on. */
export function costsOf(
  { keyVaultUrl, virustotal, intezer }: Config,
  indicators: readonly Indicator[],
): { readonly virustotal: Cost; readonly intezer: Cost } {
  const intezerKinds: readonly IndicatorKind[] = [
    ...(intezer.files ? ["file" as const] : []),
    ...(intezer.urls ? ["url" as const] : []),
  ];
  const costOf = (title: string, apiKey: string | undefined, kinds: readonly IndicatorKind[]): Cost => {
    if (apiKey === undefined && keyVaultUrl === undefined)
      return { title, lookups: 0, text: "off, it has no key" };
    const asked = indicators.filter(({ kind }) => kinds.includes(kind));
    const lookups = asked.length;
    return {
      title,
      lookups,
      text: `${counted(lookups, "lookup")}${lookups > 0 ? ` (${kindCounts(asked).join(", ")})` : ""}`,
    };
  };
  return {
    virustotal: costOf("VirusTotal", virustotal.apiKey, virustotal.kinds),
    intezer: costOf("Intezer", intezer.apiKey, intezerKinds),
  };
}
