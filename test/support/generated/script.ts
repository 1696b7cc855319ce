import fc from "fast-check";
import { indicatorKinds } from "../../../domain/indicator";
import type { AlertMode, CommentWhen } from "../../../domain/run";
import type { Unkind } from "../../../local/durable/unkind";

/** What an activity does before it does what it is there for; `throws`: its worker dies. */
export type Trouble = "throws" | "again" | "refused";

/** How a look-up goes: what comes before its end, and the end; `never`: it stays pending. */
export interface LookUpScript {
  readonly before: readonly ("pending" | "quota" | "fault")[];
  readonly end: "malicious" | "clean" | "notKnown" | "failed" | "rejected" | "never";
}

interface ProviderScript {
  readonly id: string;
  /** One per indicator. */
  readonly lookUps: readonly LookUpScript[];
  /** Which of its activities end with a dead worker. */
  readonly crashes: readonly number[];
}

/** All that happens to one run besides what its orchestrators decide. */
export interface Script {
  readonly kinds: readonly (typeof indicatorKinds)[number][];
  readonly providers: readonly ProviderScript[];
  readonly fetch: readonly (Trouble | "empty")[];
  readonly post: readonly Trouble[];
  readonly tag: readonly (Trouble | "conflict")[];
  readonly submit: readonly Trouble[];
  readonly read: readonly (Trouble | "inProgress" | "notKnown")[];
  readonly settings: {
    readonly firstCommentSeconds: number;
    readonly deadlineSeconds: number;
    readonly commentWhen: CommentWhen;
    readonly alerts: AlertMode;
  };
  /** Seconds after the start of the run at which Intezer's webhook comes. */
  readonly webhookAt?: number | undefined;
  readonly unkind: Unkind;
}

/** Mostly nothing, at most two: a call is tried three times when its worker dies. */
const atMostTwo = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(arbitrary, { maxLength: 2 }) },
  );

const troublesOf = <T extends string>(...troubles: readonly T[]) => atMostTwo(fc.constantFrom(...troubles));

const lookUpScript: fc.Arbitrary<LookUpScript> = fc.record({
  before: atMostTwo(fc.constantFrom("pending", "quota", "fault")),
  end: fc.constantFrom("malicious", "clean", "clean", "notKnown", "failed", "rejected", "never"),
});

const provider = (id: string, indicators: number): fc.Arbitrary<ProviderScript> =>
  fc.record({
    id: fc.constant(id),
    lookUps: fc.array(lookUpScript, { minLength: indicators, maxLength: indicators }),
    crashes: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.nat(5), { maxLength: 3 }) },
    ),
  });

const settings = (...alerts: readonly AlertMode[]) =>
  fc
    .record({
      firstCommentSeconds: fc.constantFrom(1, 20, 120),
      extraSeconds: fc.constantFrom(1, 30, 120),
      commentWhen: fc.constantFrom("indicators", "findings", "always"),
      alerts: fc.constantFrom(...alerts),
    })
    .map(({ extraSeconds, ...rest }) => ({
      ...rest,
      deadlineSeconds: rest.firstCommentSeconds + extraSeconds,
    }));

const unkind: fc.Arbitrary<Unkind> = fc.record({
  seed: fc.nat(),
  earlyTimers: fc.boolean(),
  loseEventsAtPending: fc.boolean(),
  runActivitiesTwice: fc.boolean(),
  shuffleResults: fc.boolean(),
  pauseMs: fc.constantFrom(0, 0, 3_000, 60_000),
});

const incidentScript = (indicators: number) => ({
  kinds: fc.array(fc.constantFrom(...indicatorKinds), { minLength: indicators, maxLength: indicators }),
  fetch: troublesOf("throws", "again", "refused", "empty"),
  post: troublesOf("throws", "throws", "again", "again", "refused"),
  tag: troublesOf("throws", "again", "conflict", "refused"),
  unkind,
});

/** Up to three activities of a provider side by side; most runs are small, as in reality. */
const indicatorCount = fc.oneof({ weight: 9, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(18) });

/** Look-ups in all their forms, without Intezer's triage. */
export const lookUpScripts: fc.Arbitrary<Script> = indicatorCount.chain((indicators) =>
  fc.record({
    ...incidentScript(indicators),
    providers: fc.oneof(
      { weight: 2, arbitrary: fc.tuple(provider("swift", indicators)) },
      { weight: 1, arbitrary: fc.tuple(provider("swift", indicators), provider("thorough", indicators)) },
    ),
    submit: fc.constant([]),
    read: fc.constant([]),
    settings: settings("off"),
  }),
);

/** Triages that come by webhook, by the run's own look, or by both, at any time of a small run. */
export const triageScripts: fc.Arbitrary<Script> = fc.nat(2).chain((indicators) =>
  fc.record({
    ...incidentScript(indicators),
    providers: fc.tuple(provider("swift", indicators)),
    submit: troublesOf("throws", "again", "refused"),
    read: troublesOf("throws", "again", "inProgress", "notKnown", "refused"),
    settings: settings("submit", "listen"),
    webhookAt: fc.constantFrom(undefined, undefined, 0, 1, 5, 25, 125, 300, 3_000),
  }),
);
