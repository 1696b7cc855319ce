import { describe, expect, it } from "vitest";
import type { PostCommentInput } from "../../../activities/post-comment";
import { type ContextReading, type ContextRequest, withoutContext } from "../../../domain/report/context";
import type { RunSettings } from "../../../domain/run/settings";
import { skippingClock } from "../../../local/clock";
import { answered, indicator, sha256 } from "../../support/reports";
import { runOrchestrator } from "../../support/run-orchestrator";

const file = indicator("file", sha256("a"));
const address = indicator("address", "8.8.8.8");
const incident = { scope: "/scope", incidentId: "0f8fad5b-d9cb-469f-a165-708677289501" };
const sighting = {
  log: "devices",
  entities: 3,
  reached: 3,
  events: 3,
  blocked: 0,
  first: 0,
  last: 0,
} as const;

const settings: RunSettings = {
  firstCommentSeconds: 120,
  deadlineSeconds: 300,
  entityRetrySeconds: [],
  commentWhen: "always",
  commentDetail: "worst",
  alerts: "off",
  dryRun: false,
  providers: [
    {
      id: "virustotal",
      title: "VirusTotal",
      kinds: ["file", "address"],
      off: {},
      quota: { perMinute: 0, perDay: 0, perMonth: 0 },
    },
  ],
};

const seen: ContextReading = {
  context: {
    days: 30,
    gaps: [],
    logs: { file: ["devices"] },
    indicators: { [`file:${file.value}`]: { sightings: [sighting] } },
  },
};

/** The files are known, and the rest is put off. */
const putOff = (afterSeconds: number): ContextReading => ({
  context: { ...seen.context, gaps: [{ part: "address", kind: "failed", reason: "HTTP 429" }] },
  retry: { parts: ["address"], afterSeconds },
});

/** A run whose logs answer so, question by question; `undefined`: the worker dies. */
async function enrich(given: Partial<RunSettings>, ...answers: readonly (ContextReading | undefined)[]) {
  const clock = skippingClock();
  const startedAt = clock.now();
  const seconds = () => (clock.now() - startedAt) / 1000;
  const asked: (Pick<ContextRequest, "parts" | "timeoutMs"> & { readonly at: number })[] = [];
  const comments: (PostCommentInput & { readonly at: number })[] = [];
  const ended = await runOrchestrator(
    "enrichIncident",
    { run: startedAt, incident, eventType: "Create", settings: { ...settings, ...given } },
    {
      fetchIncident: () => ({
        kind: "done",
        value: {
          incident: { number: 1, isUrgent: false, commentsCount: 0 },
          indicators: [file, address],
          leftOut: [],
          hasMail: false,
        },
      }),
      consult: ({ batch }) => ({
        consultations: batch.map(() => ({ kind: "final", outcome: answered("clean") })),
      }),
      readContext: ({ parts, timeoutMs }) => {
        const answer = answers[asked.length];
        asked.push({ parts, timeoutMs, at: seconds() });
        if (!answer) throw new Error("the worker has died");
        return answer;
      },
      postComment: (input) => {
        comments.push({ ...input, at: seconds() });
        return { kind: "done", value: { commentId: "first" } };
      },
      tagIncident: ({ tags }) => ({ kind: "done", value: tags }),
    },
    clock,
  );
  return {
    ...ended,
    asked,
    context: comments[0]?.report.context,
    commentAt: comments[0]?.at,
    endedAt: seconds(),
  };
}

const within = (waitSeconds: number) => ({ sightings: { days: 30, waitSeconds } });

describe("the workspace's logs", () => {
  it("are asked once, for all parts, and the run ends without waiting for anything more", async () => {
    const { asked, context, runtimeStatus, endedAt } = await enrich(within(200), seen);
    expect(runtimeStatus).toBe("Completed");
    expect(asked.map(({ parts }) => parts)).toEqual([["file", "address", "earlier"]]);
    expect(context).toEqual(seen.context);
    expect(endedAt).toBeLessThan(60);
  });

  it.each<{ waitSeconds: number; firstCommentSeconds: number; timeoutMs: number }>([
    { waitSeconds: 20, firstCommentSeconds: 120, timeoutMs: 18_000 },
    { waitSeconds: 1, firstCommentSeconds: 120, timeoutMs: 500 },
    { waitSeconds: 200, firstCommentSeconds: 120, timeoutMs: 25_000 },
    { waitSeconds: 20, firstCommentSeconds: 6, timeoutMs: 4_000 },
  ])("have less time to answer than the comment waits: $timeoutMs ms", async (given) => {
    const { waitSeconds, firstCommentSeconds, timeoutMs } = given;
    const { asked } = await enrich({ ...within(waitSeconds), firstCommentSeconds }, seen);
    expect(asked.map((each) => each.timeoutMs)).toEqual([timeoutMs]);
  });

  it("that put something off are asked for that alone, when they say and if it fits into the wait", async () => {
    const late = {
      ...seen.context,
      indicators: { "address:8.8.8.8": { sightings: [] } },
      logs: { address: [] },
    };
    const { asked, context } = await enrich(within(20), putOff(8), { context: late });
    expect(asked.map(({ parts }) => parts)).toEqual([["file", "address", "earlier"], ["address"]]);
    expect((asked[1]?.at ?? 0) - (asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(7);
    expect(context).toEqual({
      days: 30,
      gaps: [],
      logs: { file: ["devices"], address: [] },
      indicators: { ...seen.context.indicators, ...late.indicators },
    });
  });

  it.each([
    { what: "the wait", given: within(20), afterSeconds: 19 },
    {
      what: "the time until the comment is due",
      given: { ...within(200), firstCommentSeconds: 10 },
      afterSeconds: 9,
    },
  ])("that put something off for longer than $what are not asked again", async ({ given, afterSeconds }) => {
    const { asked, context, commentAt } = await enrich(given, putOff(afterSeconds));
    expect(asked).toHaveLength(1);
    expect(context).toEqual(putOff(0).context);
    expect(commentAt).toBeLessThan(9);
  });

  it("are put off twice at most", async () => {
    const { asked, context } = await enrich(within(60), putOff(2), putOff(2), seen);
    expect(asked).toHaveLength(2);
    expect(context?.gaps).toEqual([{ part: "address", kind: "failed", reason: "HTTP 429" }]);
  });

  it("whose reading ends with a dead worker cost the run nothing else", async () => {
    const { context, output, runtimeStatus } = await enrich(within(20), undefined);
    expect(runtimeStatus).toBe("Completed");
    expect(output).toMatchObject({ verdict: "clean", clean: 2, notChecked: 0 });
    const reason = "the query ended with an internal error, see the app's log";
    expect(context).toEqual(
      withoutContext({ parts: ["file", "address", "earlier"], days: 30 }, { kind: "failed", reason }),
    );
  });

  it("are not asked where that is off", async () => {
    const { asked, context } = await enrich({}, seen);
    expect({ asked, context }).toEqual({ asked: [], context: undefined });
  });
});
