import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

const script = join(__dirname, "../../fixtures/durable/mixed-load.cjs");

interface Run {
  readonly instanceId: string;
  readonly runtimeStatus: string;
  readonly output: unknown;
}

const expected: Readonly<Record<string, unknown>> = {
  told: { total: 24, last: "Activity function 'refuse' failed:  not today" },
  "told-sum": 24,
  wide: 3,
  collected: [expect.any(Number), expect.any(Number)],
  counted: "zero",
};

function expectRightEnd({ instanceId, runtimeStatus, output }: Run): void {
  expect([instanceId, runtimeStatus, output]).toEqual([instanceId, "Completed", expected[instanceId]]);
}

test("killed with SIGKILL at any write of its journal, on a real clock, the next process ends all runs", async () => {
  const top = mkdtempSync(join(tmpdir(), "killed-"));
  let points = 0;
  let mostRuns = 0;
  let next = 1;
  /** Each process takes up what the one before it left. */
  const chain = async (name: string) => {
    let left = join(top, `${name}-0`);
    for (;;) {
      const point = next++;
      const folder = join(top, `${name}-${point}`);
      mkdirSync(folder);
      const child = spawn(process.execPath, [script, left, folder, String(point)]);
      const [[code, signal], output, errors] = await Promise.all([
        once(child, "close"),
        text(child.stdout),
        text(child.stderr),
      ]);
      expect(errors).toBe("");
      const [line = "", whole] = output.trimEnd().split("\n");
      const runs = JSON.parse(line) as readonly Run[];
      runs.forEach(expectRightEnd);
      mostRuns = Math.max(mostRuns, runs.length);
      if (whole === "whole") return;
      // Windows knows exit codes only.
      expect(signal ?? code).toBe(process.platform === "win32" ? 1 : "SIGKILL");
      points++;
      left = folder;
    }
  };
  await Promise.all([chain("odd"), chain("even")]);
  expect(points).toBeGreaterThan(40);
  expect(mostRuns).toBe(Object.keys(expected).length);
  rmSync(top, { recursive: true });
}, 120_000);
