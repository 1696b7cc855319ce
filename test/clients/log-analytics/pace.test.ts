import { expect, it } from "vitest";
import { createPace, type Turn } from "../../../clients/log-analytics/log-reader";

const { signal } = new AbortController();
const optional = { signal, isOptional: true };
const needed = { signal, isOptional: false };

function setUp() {
  let now = 1_000_000;
  const pass = (seconds: number) => {
    now += seconds * 1000;
  };
  return { pace: createPace(() => now), pass };
}

const take = (pace: ReturnType<typeof createPace>, count: number) =>
  Promise.all(Array.from({ length: count }, () => pace.turn(optional)));
const end = (turn: Turn | undefined) => turn?.kind === "go" && turn.end();

it("lets five queries go at once, and the sixth when one of them ends", async () => {
  const { pace } = setUp();
  const [first, ...others] = await take(pace, 5);
  expect([first, ...others].map((turn) => turn?.kind)).toEqual(Array(5).fill("go"));
  let sixth: Turn | undefined;
  const waiting = pace.turn(optional).then((turn) => {
    sixth = turn;
  });
  await Promise.resolve();
  expect(sixth).toBeUndefined();
  end(first);
  await waiting;
  expect(sixth?.kind).toBe("go");
});

it("sends those away for five seconds that find ten others waiting", async () => {
  const { pace } = setUp();
  const under = await take(pace, 5);
  const waiting = Array.from({ length: 10 }, () => pace.turn(optional));
  expect(await pace.turn(optional)).toEqual({ kind: "wait", afterSeconds: 5 });
  under.forEach(end);
  for (const turn of waiting) end(await turn);
  expect((await pace.turn(optional)).kind).toBe("go");
});

it("lets 200 queries go within 30 seconds, and says when the next may", async () => {
  const { pace, pass } = setUp();
  for (let i = 0; i < 200; i++) end(await pace.turn(optional));
  pass(10);
  expect(await pace.turn(optional)).toEqual({ kind: "wait", afterSeconds: 20 });
  pass(20);
  expect((await pace.turn(optional)).kind).toBe("go");
});

it("lets no query go while the service wants to be left alone, and those that wait learn of it", async () => {
  const { pace, pass } = setUp();
  const [first] = await take(pace, 5);
  const waiting = pace.turn(optional);
  const alsoWaiting = pace.turn(optional);
  pace.pause(40);
  end(first);
  expect(await waiting).toEqual({ kind: "wait", afterSeconds: 40 });
  expect(await alsoWaiting).toEqual({ kind: "wait", afterSeconds: 40 });
  pass(40);
  expect((await pace.turn(optional)).kind).toBe("go");
});

it("gives up a query that has waited until its signal, and no other waits for it", async () => {
  const { pace } = setUp();
  const [first] = await take(pace, 5);
  const impatient = new AbortController();
  const [late, next] = [pace.turn({ ...optional, signal: impatient.signal }), pace.turn(optional)];
  impatient.abort();
  expect(await late).toEqual({ kind: "tooLate" });
  expect(await pace.turn({ ...optional, signal: impatient.signal })).toEqual({ kind: "tooLate" });
  end(first);
  expect((await next).kind).toBe("go");
});

it("puts no query off that a run depends on: it waits for a slot, before all others", async () => {
  const { pace } = setUp();
  const under = await take(pace, 5);
  const order: string[] = [];
  const note = (name: string) => (turn: Turn) => {
    order.push(`${name}: ${turn.kind}`);
    end(turn);
  };
  const waiting = Array.from({ length: 10 }, () =>
    pace.turn({ ...optional, signal: new AbortController().signal }).then(note("optional")),
  );
  const first = pace.turn(needed).then(note("needed"));
  end(under[0]);
  await Promise.all([first, ...waiting]);
  expect(order[0]).toBe("needed: go");
  pace.pause(40);
  expect(await pace.turn(optional)).toEqual({ kind: "wait", afterSeconds: 40 });
  expect((await pace.turn(needed)).kind).toBe("go");
});
