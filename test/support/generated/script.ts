import fc from "fast-check";
import { type IndicatorKind, indicatorKinds } from "../../../domain/indicators/indicator";
import type { AlertMode, CommentWhen, RunSettings } from "../../../domain/run/settings";
import type { RuntimeFaults } from "../../../local/durable/faults";

/** What an activity does before it does what it is there for; `throws`: its worker dies. */
export type Trouble = "throws" | "again" | "refused";

/** How a lookup goes: what comes before its end, and the end; `never`: it stays pending. */
export interface LookupScript {
  readonly before: readonly ("pending" | "quota" | "fault")[];
  readonly end: "malicious" | "clean" | "notKnown" | "failed" | "rejected" | "never";
}

interface ProviderScript {
  readonly id: string;
  /** One per indicator, those added later included. */
  readonly lookups: readonly LookupScript[];
  /** Which of its activities end with a dead worker. */
  readonly crashes: readonly number[];
}

/** All that happens to one run besides what its orchestrators decide. */
export interface Script {
  readonly kinds: readonly IndicatorKind[];
  /** Of indicators that come into the incident before its first comment. */
  readonly added: readonly IndicatorKind[];
  readonly providers: readonly ProviderScript[];
  readonly fetch: readonly (Trouble | "empty")[];
  readonly fetchAgain: readonly Trouble[];
  /** Of the reading of the logs; `putOff`: the service asks for patience. */
  readonly context: readonly ("throws" | "putOff")[];
  readonly post: readonly Trouble[];
  readonly tag: readonly (Trouble | "conflict")[];
  readonly submit: readonly Trouble[];
  readonly read: readonly (Trouble | "inProgress" | "notKnown")[];
  readonly settings: {
    readonly firstCommentSeconds: number;
    readonly deadlineSeconds: number;
    readonly commentWhen: CommentWhen;
    readonly alerts: AlertMode;
    readonly sightings?: NonNullable<RunSettings["sightings"]>;
  };
  /** Seconds after the start of the run at which Intezer's webhook comes. */
  readonly webhookAt?: number | undefined;
  /** Seconds after the start of the run at which alerts are added to the incident. */
  readonly alertsAt?: number | undefined;
  readonly runtimeFaults: RuntimeFaults;
}

/** Mostly nothing, at most two: a call is tried three times when its worker dies. */
const atMostTwo = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: 2 }) },
  );

const troublesOf = <T extends string>(...troubles: readonly T[]) => atMostTwo(fc.constantFrom(...troubles));

const lookupScript: fc.Arbitrary<LookupScript> = fc.record({
  before: atMostTwo(fc.constantFrom("pending", "quota", "fault")),
  end: fc.constantFrom("malicious", "clean", "clean", "notKnown", "failed", "rejected", "never"),
});

const provider = (id: string, indicators: number): fc.Arbitrary<ProviderScript> =>
  fc.record({
    id: fc.constant(id),
    lookups: fc.array(lookupScript, { minLength: indicators, maxLength: indicators }),
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
      waitSeconds: fc.constantFrom(0, 2, 20, 200),
    })
    .map(({ extraSeconds, waitSeconds, ...rest }) => ({
      ...rest,
      deadlineSeconds: rest.firstCommentSeconds + extraSeconds,
      ...(waitSeconds > 0 && { sightings: { days: 30, waitSeconds } }),
    }));

const runtimeFaults: fc.Arbitrary<RuntimeFaults> = fc.record({
  seed: fc.nat(),
  earlyTimers: fc.boolean(),
  loseEventsAtPending: fc.boolean(),
  runActivitiesTwice: fc.boolean(),
  shuffleResults: fc.boolean(),
  pauseMs: fc.constantFrom(0, 0, 3_000, 60_000),
});

const kinds = (count: number) =>
  fc.array(fc.constantFrom(...indicatorKinds), { minLength: count, maxLength: count });

interface Sizes {
  readonly known: number;
  readonly added: number;
}

const incidentScript = ({ known, added }: Sizes) => ({
  kinds: kinds(known),
  added: kinds(added),
  fetch: troublesOf("throws", "again", "refused", "empty"),
  fetchAgain: troublesOf("throws", "again", "refused"),
  context: troublesOf("throws", "putOff"),
  post: troublesOf("throws", "throws", "again", "again", "refused"),
  tag: troublesOf("throws", "again", "conflict", "refused"),
  runtimeFaults,
});

interface Sizes {
  readonly known: number;
  readonly added: number;
}

/** Up to three activities of a provider side by side; most runs are small, as in reality. */
const size = fc.oneof({ weight: 19, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(18) });

/** Without Intezer's triage. */
const lookupsOnly = (each: Sizes, providers: fc.Arbitrary<readonly ProviderScript[]>) => ({
  ...incidentScript(each),
  providers,
  submit: fc.constant([]),
  read: fc.constant([]),
  settings: settings("off"),
});

/** Lookups in all their forms. */
export const lookupScripts: fc.Arbitrary<Script> = size.chain((known) =>
  fc.record(lookupsOnly({ known, added: 0 }, fc.tuple(provider("swift", known)))),
);

/** The same at two providers. */
export const providerScripts: fc.Arbitrary<Script> = size.chain((known) => {
  const providers = fc.tuple(provider("swift", known), provider("thorough", known));
  return fc.record(lookupsOnly({ known, added: 0 }, providers));
});

/** Indicators that come into the incident while its run looks up the others. */
export const lateScripts: fc.Arbitrary<Script> = fc
  .record({ known: size, added: fc.integer({ min: 1, max: 2 }) })
  .chain((sizes) => {
    const providers = fc.tuple(provider("swift", sizes.known + sizes.added));
    return fc.record(lookupsOnly(sizes, providers));
  });

/** Triages that come by webhook, by the run's own look, or by both, at any time of a small run. */
export const triageScripts: fc.Arbitrary<Script> = fc.nat(2).chain((known) =>
  fc.record({
    ...incidentScript({ known, added: 0 }),
    providers: fc.tuple(provider("swift", known)),
    submit: troublesOf("throws", "again", "refused"),
    read: troublesOf("throws", "again", "inProgress", "notKnown", "refused"),
    settings: settings("submit", "listen"),
    webhookAt: fc.constantFrom(undefined, undefined, 0, 1, 5, 25, 125, 300, 3_000),
  }),
);

/** Alerts that are added at any time of a small run, or after it. */
export const againScripts: fc.Arbitrary<Script> = fc.nat(2).chain((known) =>
  fc.record({
    ...lookupsOnly({ known, added: 1 }, fc.tuple(provider("swift", known + 1))),
    alertsAt: fc.constantFrom(0, 1, 5, 25, 65, 125, 300, 3_000),
  }),
);
