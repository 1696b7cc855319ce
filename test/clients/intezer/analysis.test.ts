import { expect, it } from "vitest";
import { analysisPathIn, analysisStateFrom, isAnalysisPath } from "../../../clients/intezer/analysis";
import { envelopeFrom } from "../../../clients/intezer/wire";

const answer = (status: number, body?: unknown) =>
  analysisStateFrom({ kind: "answer", status, headers: {}, body });

it.each([
  [202, undefined],
  [202, { status: "queued", result_url: "/analyses/1" }],
  [409, {}],
  [200, { status: "created" }],
  [200, { status: "queued" }],
  [200, { status: "in_progress", result: { analysis_id: "1" } }],
])("takes %i with %j for running", (status, body) => {
  expect(answer(status, body)).toEqual({ kind: "running" });
});

it.each(["succeeded", "finished", "Succeeded", "something new", undefined])(
  "takes a result with the status %s for finished",
  (status) => {
    const result = { verdict: "unknown" };
    expect(answer(200, { status, result })).toEqual({ kind: "finished", result });
  },
);

it.each(["failed", "error", "expired"])("takes the status %s for a failure", (status) => {
  expect(answer(200, { status })).toEqual({ kind: "failed" });
});

it.each([404, 410])("takes %i for gone", (status) => {
  expect(answer(status)).toEqual({ kind: "gone" });
});

it.each([
  [200, undefined],
  [200, null],
  [200, { status: "succeeded" }],
  [200, { result: "text" }],
  [201, { status: "succeeded", result: {} }],
  [403, { error: "Insufficient Permissions" }],
  [503, undefined],
])("makes nothing of %i with %j", (status, body) => {
  expect(answer(status, body)).toBeUndefined();
});

it.each(["/analyses/8b9f2363-fdca-4cce-9e20-93f8ca1dd88f", "/url/analysis_id", "/analyses/a:b"])(
  "follows %s",
  (path) => {
    expect(isAnalysisPath(path)).toBe(true);
  },
);

it.each([
  "https://evil.example/analyses/1",
  "//evil.example/analyses/1",
  "/analyses/1/../../x",
  "/analyses/..",
  "/analyses/.",
  "/analyses/%2e%2e",
  "/analyses/1?x=1",
  "/analyses/1#x",
  "/analyses/1\\x",
  "/analyses/",
  "/alerts/1",
  "analyses/1",
  " /analyses/1",
  `/analyses/${"1".repeat(300)}`,
])("never follows %s", (path) => {
  expect(isAnalysisPath(path)).toBe(false);
});

it.each([
  [{ result_url: "/url/1", result: { analysis_id: "2" } }, "/url/1"],
  [{ result: { analysis_id: "2" } }, "/url/2"],
  [{ result_url: "https://evil.example/", result: { analysis_id: "2" } }, "/url/2"],
  [{ result: { analysis_id: "../x" } }, undefined],
  [{ result: { analysis_id: 5 } }, undefined],
  [{}, undefined],
])("finds in %j the path %s", (body, path) => {
  expect(analysisPathIn(envelopeFrom(body), "url")).toBe(path);
});
