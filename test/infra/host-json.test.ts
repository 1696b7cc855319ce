import { describe, expect, it } from "vitest";
import { extensions, functionTimeout, logging } from "../../host.json";

const { durableTask } = extensions;
const secondsOf = (time: string) => time.split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0);

describe("host.json", () => {
  it.each([
    { queue: "activities", timeout: durableTask.storageProvider.workItemQueueVisibilityTimeout },
    { queue: "orchestrators", timeout: durableTask.storageProvider.controlQueueVisibilityTimeout },
  ])(
    "takes over the $queue of a host that died after a minute, not after the default five",
    ({ timeout }) => {
      expect(secondsOf(timeout)).toBe(60);
    },
  );

  it("looks at the queues often enough that no one waits half a minute for a comment", () => {
    expect(secondsOf(durableTask.storageProvider.maxQueuePollingInterval)).toBeLessThanOrEqual(10);
  });

  it("writes no input, output or result of a run into the telemetry", () => {
    expect(durableTask.tracing.traceInputsAndOutputs).toBe(false);
  });

  it("has a hub name of its own, so that a renamed app finds its runs", () => {
    expect(durableTask.hubName).toMatch(/^[A-Za-z][A-Za-z0-9]{2,44}$/);
  });

  it("ends a step that hangs, and never samples what the alerts ask for", () => {
    expect(secondsOf(functionTimeout)).toBe(600);
    expect(logging.applicationInsights.samplingSettings.excludedTypes.split(";")).toEqual(
      expect.arrayContaining(["Request", "Trace", "Exception"]),
    );
  });
});
