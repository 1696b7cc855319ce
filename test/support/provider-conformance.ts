import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Secret } from "../../domain/attempt";
import type { Indicator } from "../../domain/indicators/indicator";
import type { Answer, AnyProvider, Consultation, Outcome } from "../../domain/lookups/provider";
import type { Verdict } from "../../domain/verdict";
import { type Clock, skippingClock } from "../../local/clock";
import type { Reply, Script, Simulator, SimulatorRequest } from "../../local/simulators/simulator";
import { workspaceId } from "./requests";
import { createVault, type Vault } from "./vault";

/** A provider talking to its simulator over HTTP, with one indicator of each sort that the simulator answers. */
interface ProviderUnderTest {
  readonly provider: AnyProvider;
  readonly simulator: Simulator;
  /** One that it has something against. */
  readonly malicious: Indicator;
  /** Absent: it only lists what is bad. */
  readonly clean?: Indicator;
  readonly notKnown: Indicator;
}

interface StartOptions {
  readonly clock: Clock;
  /** The secret the provider reads its key from. */
  readonly key: Secret;
  /** The one key the simulator is to accept. */
  readonly acceptedKey: string;
  readonly timeoutMs: number;
}

interface ProviderSuite {
  readonly title: string;
  /** Hosts that links in answers may name; none: it links to nothing. */
  readonly linkHosts: readonly string[];
  /** It has no key: default is that it has one. */
  readonly isKeyless?: true;
  /** Its client is one of Azure's, whose limit for an answer is tested with them. */
  readonly isOfAzure?: true;
  /** Its worst verdict, default `malicious`. */
  readonly worst?: Verdict;
  /** What it makes of `notKnown`, default `notKnown`. */
  readonly withoutRecord?: Outcome["kind"];
  /** The calls that a lookup of `malicious` makes, by name: each is made to fail in every way. */
  readonly calls: Readonly<Record<string, (request: SimulatorRequest) => boolean>>;
  start(options: StartOptions): Promise<ProviderUnderTest>;
}

const acceptedKey = "5ca1ab1e".repeat(8);
const retiredKey = "0ddba115".repeat(8);
const workspaceScope = workspaceId.toLowerCase();
const setting = "PROVIDER_API_KEY (or the secret provider-api-key in the vault)";
const patientMs = 10_000;

/** What every provider promises, whatever its service: run over HTTP against the service's simulator. */
export function describeProvider(suite: ProviderSuite): void {
  const { worst = "malicious", withoutRecord = "notKnown" } = suite;
  describe(suite.title, () => {
    let clock: Clock;
    let vault: Vault;
    let underTest: ProviderUnderTest;
    let seen: Consultation[];
    let addresses: string[];

    const start = async (timeoutMs: number) => {
      underTest = await suite.start({ clock, key: vault.secret, acceptedKey, timeoutMs });
      // A script that never applies sees every request as it came, before a simulator masks its log.
      const never = ({ rawPath, query }: SimulatorRequest) => {
        addresses.push(`${rawPath}?${query}`);
        return false;
      };
      fail(never, "hang");
    };

    /** Watched, so that every consultation of every test is searched for the key. */
    const consult = async (indicator: Indicator, continuation?: string) => {
      const { provider } = underTest;
      const consultation =
        "bulkSize" in provider
          ? (await provider.consultAll([indicator], workspaceScope))[0]
          : await provider.consult(indicator, continuation);
      if (!consultation) throw new Error("There is no consultation for the indicator.");
      seen.push(consultation);
      return consultation;
    };

    /** Asks again, in simulated time, for as long as the service is working on it. */
    const settled = async (indicator: Indicator, continuation?: string) => {
      let consultation = await consult(indicator, continuation);
      for (let asked = 0; asked < 50; asked++) {
        if (consultation.kind !== "again" || consultation.cause !== "pending") return consultation;
        expect(consultation.afterSeconds).toBeGreaterThan(0);
        const until = clock.now() + consultation.afterSeconds * 1000;
        await new Promise<void>((ring) => clock.alarm(until, ring));
        consultation = await consult(indicator, consultation.continuation);
      }
      return consultation;
    };

    const outcome = async (indicator: Indicator) => outcomeOf(await settled(indicator));
    const answer = async (indicator: Indicator) => answerOf(await settled(indicator));

    const fail = (match: Script["match"], fault: Script["fault"]) =>
      underTest.simulator.script({ match, fault });

    beforeEach(async () => {
      clock = skippingClock();
      vault = createVault(setting, acceptedKey);
      seen = [];
      addresses = [];
      await start(patientMs);
    });

    afterEach(async () => {
      await underTest.simulator.close();
      for (const key of [acceptedKey, retiredKey]) {
        expect(JSON.stringify([seen, addresses])).not.toContain(key);
      }
    });

    describe("answers", () => {
      it("distinguishes bad from clean", async () => {
        expect((await answer(underTest.malicious)).verdict).toBe(worst);
        if (underTest.clean) expect((await answer(underTest.clean)).verdict).toBe("clean");
      });

      it("explains itself in a few plain words and keeps to its size", async () => {
        for (const indicator of known(underTest)) {
          const { card, ...rest } = await answer(indicator);
          expect(rest.summary).toMatch(/\S/);
          expect(rest.reasons.length).toBeGreaterThan(0);
          expect(bytes(rest)).toBeLessThanOrEqual(1024);
          expect(bytes(card ?? {})).toBeLessThanOrEqual(3 * 1024);
        }
      });

      it("links to the service's own pages only", async () => {
        const outcomes = await Promise.all([...known(underTest), underTest.notKnown].map(outcome));
        const links = outcomes.flatMap((each) =>
          each.kind === "answered"
            ? (each.answer.link ?? [])
            : each.kind === "notKnown"
              ? (each.link ?? [])
              : [],
        );
        expect(links.length > 0).toBe(suite.linkHosts.length > 0);
        for (const link of links) {
          expect(new URL(link).protocol).toBe("https:");
          expect(suite.linkHosts).toContain(new URL(link).host);
        }
      });

      it("calls what the service has no record of not known, and says so", async () => {
        const notKnown = await outcome(underTest.notKnown);
        expect(notKnown).toMatchObject({ kind: withoutRecord, reason: expect.stringMatching(/\S/) });
      });

      it("gives the same answer when asked twice", async () => {
        expect(await settled(underTest.malicious)).toEqual(await settled(underTest.malicious));
      });

      it("gives the same answer to eight lookups side by side", async () => {
        const eight = await Promise.all(Array.from({ length: 8 }, () => settled(underTest.malicious)));
        expect(new Set(eight.map((each) => JSON.stringify(each))).size).toBe(1);
        expect(eight.map((each) => answerOf(each).verdict)).toEqual(Array(8).fill(worst));
      });
    });

    describe.skipIf(suite.isKeyless)("the key", () => {
      it("is off, naming the setting, without asking the service, when there is none", async () => {
        vault.holds(undefined);
        const off = await outcome(underTest.malicious);
        expect(off).toMatchObject({ kind: "off", reason: expect.stringContaining(setting) });
        expect(underTest.simulator.requests).toEqual([]);
      });

      it("is tried again later when the vault does not answer", async () => {
        vault.answers({ kind: "again", reason: "the vault did not answer in time" });
        expect(await consult(underTest.malicious)).toMatchObject({ kind: "again", cause: "fault" });
        expect(underTest.simulator.requests).toEqual([]);
      });

      it("counts as not checked when the vault may not be read", async () => {
        vault.answers({ kind: "refused", reason: "the app may not read the vault" });
        const refused = await outcome(underTest.malicious);
        expect(refused).toMatchObject({
          kind: "notChecked",
          cause: "key",
          reason: expect.stringContaining("may not read the vault"),
        });
      });

      it("is refreshed once and the lookup repeated when the service rejects a replaced key", async () => {
        vault.keeps(retiredKey);
        expect((await answer(underTest.malicious)).verdict).toBe("malicious");
        expect(vault.refreshes()).toBe(1);
      });

      it("ends the lookup, naming the setting, when the service rejects it twice", async () => {
        vault.holds(retiredKey);
        const rejected = await outcome(underTest.malicious);
        expect(rejected).toMatchObject({
          kind: "notChecked",
          cause: "key",
          reason: expect.stringContaining(setting),
        });
        expect(vault.refreshes()).toBe(1);
      });
    });

    describe.each(Object.entries(suite.calls))("when the service fails at %s", (_, match) => {
      it.each<[name: string, retryAfter: (now: number) => string | undefined, from: number, to: number]>([
        ["with Retry-After in seconds", () => "17", 17, 17],
        ["with Retry-After in fractions of a second", () => "12.5", 12.5, 13],
        ["with Retry-After as a date", (now) => new Date(now + 90_000).toUTCString(), 80, 91],
        ["with a date that has passed", (now) => new Date(now - 90_000).toUTCString(), 1, 60],
        ["with a senseless Retry-After", () => "soon", 1, 3600],
        ["with Retry-After of a year", () => "31536000", 60, 3600],
        ["without Retry-After", () => undefined, 5, 3600],
      ])("pauses the provider after a 429 %s", async (_title, retryAfter, from, to) => {
        const value = retryAfter(clock.now());
        fail(match, { status: 429, ...(value ? { headers: { "retry-after": value } } : {}), ...refusal });
        const paused = await consult(underTest.malicious);
        expect(paused).toMatchObject({ kind: "again", cause: "quota", reason: expect.stringMatching(/\S/) });
        const afterSeconds = paused.kind === "again" ? paused.afterSeconds : Number.NaN;
        expect(afterSeconds).toBeGreaterThanOrEqual(from);
        expect(afterSeconds).toBeLessThanOrEqual(to);
      });

      const faults: readonly (readonly [name: string, fault: Script["fault"]])[] = [
        ["an error 500", { status: 500, ...refusal }],
        ["an error 502 in HTML", { status: 502, text: "<html><title>502</title></html>" }],
        ["an error 503", { status: 503, ...refusal }],
        ["an error 504", { status: 504, ...refusal }],
        ["HTML instead of JSON", { status: 200, text: "<!doctype html><title>Welcome</title>" }],
        ["an empty body", { status: 200 }],
        ["JSON of another shape", { status: 200, json: { hello: ["world"] } }],
        ["null", { status: 200, json: null }],
        ["a list", { status: 200, json: [] }],
        ["a body above 8 MiB", "oversized"],
        ["a redirect", { status: 302, headers: { location: "/elsewhere" } }],
        ["a body that is cut off", "cutOff"],
        ["a dropped connection", "dropBefore"],
        ["a connection that drops after the work is done", "dropAfter"],
      ];
      const possible = faults.filter(([, fault]) => !(suite.isOfAzure && fault === "oversized"));
      it.each(possible)("tries again later after %s, and then gets its answer", async (_title, fault) => {
        fail(match, fault);
        const failed = await consult(underTest.malicious);
        expect(failed).toMatchObject({
          kind: "again",
          cause: "fault",
          afterSeconds: expect.any(Number),
          reason: expect.stringMatching(/\S/),
        });
        const continuation = failed.kind === "again" ? failed.continuation : undefined;
        const next = await settled(underTest.malicious, continuation);
        expect(answerOf(next).verdict).toBe(worst);
        expect(underTest.simulator.requests.map(({ path }) => path)).not.toContain("/elsewhere");
      });

      it("gives up waiting for a service that does not answer, and tries again later", async () => {
        await underTest.simulator.close();
        await start(250);
        fail(match, "hang");
        const failed = await consult(underTest.malicious);
        expect(failed).toMatchObject({ kind: "again", cause: "fault", reason: expect.stringMatching(/\S/) });
      });
    });

    it("tries again later when no server listens at its endpoint", async () => {
      await underTest.simulator.close();
      expect(await consult(underTest.malicious)).toMatchObject({ kind: "again", cause: "fault" });
    });
  });
}

const known = ({ malicious, clean }: ProviderUnderTest) => [malicious, ...(clean ? [clean] : [])];

/** A careless service that repeats the key in what it says. */
const refusal: Pick<Reply, "json"> = {
  json: { error: { code: "Refused", message: `not with ${acceptedKey}` }, result: `not with ${acceptedKey}` },
};

function outcomeOf(consultation: Consultation): Outcome {
  if (consultation.kind === "final") return consultation.outcome;
  throw new Error(`No outcome, but ${JSON.stringify(consultation)}`);
}

function answerOf(consultation: Consultation): Answer {
  const outcome = outcomeOf(consultation);
  if (outcome.kind === "answered") return outcome.answer;
  throw new Error(`No answer, but ${JSON.stringify(outcome)}`);
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
