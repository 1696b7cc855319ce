import { expect, test } from "vitest";
import { again, done, refused } from "../../domain/attempt";

test.each([
  { made: done(7), attempt: { kind: "done", value: 7 } },
  { made: again("HTTP 503"), attempt: { kind: "again", reason: "HTTP 503" } },
  { made: again("HTTP 429", 30), attempt: { kind: "again", reason: "HTTP 429", afterSeconds: 30 } },
  { made: again("HTTP 429", 0), attempt: { kind: "again", reason: "HTTP 429", afterSeconds: 0 } },
  { made: refused("HTTP 403"), attempt: { kind: "refused", reason: "HTTP 403" } },
  {
    made: refused("HTTP 401: set a key", "key"),
    attempt: { kind: "refused", reason: "HTTP 401: set a key", cause: "key" },
  },
])("an attempt is $attempt, without properties that are undefined", ({ made, attempt }) => {
  expect(made).toStrictEqual(attempt);
});
