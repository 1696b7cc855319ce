import { z } from "zod";
import type { RunLogQuery } from "../../clients/log-query";
import { workspaceOf } from "../../clients/sentinel/arm-id";
import { type Attempt, again, done } from "../../domain/attempt";
import { indicatorKinds } from "../../domain/indicators/indicator";
import { jsonFrom } from "../../domain/json";
import { verdicts } from "../../domain/verdict";
import type { ClosedIncident } from "./closed-incident";

/**
 * The incidents of a period that are closed, each with our latest verdict, and of its lookups those that are bad or that
 * an engine detects. Rows of simulators count on a laptop only, where there are no others.
 */
const closingsQuery = (isSimulated: boolean) => `// verdicts-against-closings
let reports = IncidentEnrichment_CL
| where coalesce(Simulated, false) == ${isSimulated};
let verdicts = reports
| summarize arg_max(TimeGenerated, IncidentVerdict) by IncidentId
| project-away TimeGenerated;
let lookups = reports
| where isnotempty(Provider)
| summarize arg_max(TimeGenerated, IndicatorVerdict, Verdict, Detections, Suspicious) by IncidentId, IndicatorKind, Indicator, Provider
| where IndicatorVerdict in ("malicious", "suspicious") or coalesce(Detections, 0) + coalesce(Suspicious, 0) > 0
| summarize Lookups = make_list(bag_pack(
    "kind", IndicatorKind,
    "indicator", Indicator,
    "indicatorVerdict", IndicatorVerdict,
    "provider", Provider,
    "verdict", Verdict,
    "detections", Detections,
    "suspicious", Suspicious)) by IncidentId;
let ruleNames = union isfuzzy=true
    (datatable(TimeGenerated: datetime, AlertType: string, AlertName: string)[]),
    (SecurityAlert | project TimeGenerated, AlertType, AlertName)
| extend RuleId = tolower(extract(@"([^_]+)$", 1, AlertType))
| where isnotempty(RuleId)
| summarize arg_max(TimeGenerated, AlertName) by RuleId
| project RuleId, RuleName = AlertName;
let closed = SecurityIncident
| summarize arg_max(TimeGenerated, *) by IncidentName
| where Status == "Closed" and not(tostring(Labels) has "Redirected" or tostring(AdditionalData) has "mergedIncidentNumber")
| extend IncidentId = tolower(IncidentName)
| join kind=inner verdicts on IncidentId;
closed
| extend Rules = iff(array_length(RelatedAnalyticRuleIds) > 0, RelatedAnalyticRuleIds, dynamic([""]))
| mv-expand Rule = Rules to typeof(string)
| extend RuleId = tolower(tostring(split(Rule, "/")[-1]))
| join kind=leftouter ruleNames on RuleId
| extend Rule = case(isnotempty(RuleName), RuleName, isnotempty(RuleId), RuleId, strcat("No analytics rule (", ProviderName, ")"))
| summarize Rules = make_set(Rule) by IncidentId, IncidentNumber, Title, Classification, IncidentVerdict
| join kind=leftouter lookups on IncidentId
| project IncidentNumber, Title, Classification, IncidentVerdict, Rules, Lookups`;

const verdict = z.enum(verdicts);
const count = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);
const lookup = z.object({
  kind: z.enum(indicatorKinds),
  indicator: z.string(),
  indicatorVerdict: verdict,
  provider: z.string(),
  /** Empty where the provider gave none. */
  verdict: verdict.optional().catch(undefined),
  detections: count,
  suspicious: count,
});

/** The service sends dynamic columns as JSON text. */
const dynamic = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === "string" ? jsonFrom(value) : value), schema);

const row = z.object({
  IncidentNumber: z.number(),
  Title: z.string().nullish(),
  Classification: z.string().nullish(),
  IncidentVerdict: verdict,
  Rules: dynamic(z.array(z.string())),
  Lookups: dynamic(z.array(lookup).nullish()),
});

interface ClosingsOptions {
  /** ARM id of the workspace. */
  readonly scope: string;
  /** How far back incidents are looked for that were enriched and closed. */
  readonly days: number;
  readonly isSimulated: boolean;
}

/** The closed incidents of one workspace. */
export async function readClosings(
  runQuery: RunLogQuery,
  { scope, days, isSimulated }: ClosingsOptions,
): Promise<Attempt<readonly ClosedIncident[]>> {
  const answer = await runQuery({ scope, days, text: closingsQuery(isSimulated), ifTableIsMissing });
  if (answer.kind === "again") return again(`${answer.reason} Try again; a shorter --since reads less.`);
  if (answer.kind === "refused") return answer;
  const rows = z.array(row).safeParse(answer.value);
  if (!rows.success) return again("Log Analytics answered with rows of another shape: use the same release.");
  const workspace = workspaceOf(scope).name;
  return done(
    rows.data.map((each) => ({
      number: each.IncidentNumber,
      title: each.Title ?? "",
      workspace,
      rules: each.Rules,
      verdict: each.IncidentVerdict,
      classification: each.Classification ?? "",
      lookups: each.Lookups ?? [],
    })),
  );
}

const ifTableIsMissing =
  "it needs the tables IncidentEnrichment_CL (RESULTS_TABLE on, and deploy again) and SecurityIncident.";
