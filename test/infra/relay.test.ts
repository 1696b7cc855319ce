import { at, describeRules, put, type Rule, resourceOf } from "../support/arm-template";

const relayAction = "properties.definition.actions.Start_enrichment";
interface RelayAction {
  readonly limit: { readonly timeout: string };
  readonly inputs: { readonly retryPolicy: RetryPolicy };
}
interface RetryPolicy {
  readonly count: number;
  readonly interval: string;
  readonly minimumInterval: string;
  readonly maximumInterval: string;
}

const secondsOf = (duration: string) => {
  const [, amount = "", unit = ""] = /^PT(\d+)([SM])$/.exec(duration) ?? [];
  return Number(amount) * (unit === "M" ? 60 : 1);
};

/**
 * Seconds that an exponential policy waits at most, all retries together: the n-th up to 2^(n-1) intervals
 * (learn.microsoft.com/azure/logic-apps/error-exception-handling#exponential-interval-retry-policy).
 */
function longestWait(policy: RetryPolicy): number {
  const waits = Array.from({ length: policy.count }, (_, n) =>
    Math.min(
      Math.max(secondsOf(policy.interval) * 2 ** n, secondsOf(policy.minimumInterval)),
      secondsOf(policy.maximumInterval),
    ),
  );
  return waits.reduce((sum, wait) => sum + wait, 0);
}

const rules: readonly Rule[] = [
  {
    title: "the relay's time limit has room for all its retries",
    check: (template) => {
      const { limit, inputs } = at(
        resourceOf(template, "Microsoft.Logic/workflows"),
        relayAction,
      ) as RelayAction;
      const wait = longestWait(inputs.retryPolicy);
      return [
        ...(wait + 60 > secondsOf(limit.timeout)
          ? [`${wait} s of waits do not fit into ${limit.timeout}`]
          : []),
        ...(wait < 600 ? [`the relay gives up after ${wait} s`] : []),
      ];
    },
    broken: [
      (template) =>
        put(resourceOf(template, "Microsoft.Logic/workflows"), `${relayAction}.limit.timeout`, "PT1M"),
      (template) =>
        put(resourceOf(template, "Microsoft.Logic/workflows"), `${relayAction}.inputs.retryPolicy.count`, 4),
      (template) =>
        put(
          resourceOf(template, "Microsoft.Logic/workflows"),
          `${relayAction}.inputs.retryPolicy.maximumInterval`,
          "PT10M",
        ),
    ],
  },
];

describeRules("the relay", rules);
