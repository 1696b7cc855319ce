import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";

import { data, ending, listening, recordedApp, someStorage, start, useHosts } from "./host-setup";

useHosts();

describe("the data folder of a host", () => {
  const args = () => ["--app", recordedApp, "--port", "0", "--data", data];
  const orchestrations = "/runtime/webhooks/durabletask/orchestrators/nothing";
  const startRun = (origin: string, id: string) =>
    fetch(`${origin}${orchestrations}/${id}`, { method: "POST" });

  it("is its own: a second host is refused, and one after a kill is not", async () => {
    const first = start(args(), someStorage);
    await listening(first);
    const { code, error } = await ending(args(), someStorage);
    expect([code, error.trim().replaceAll("\n", " ")]).toEqual([
      1,
      `${join(data, "task-hub")} is in use by another process (${first.pid}). End that process, or choose another folder.`,
    ]);

    first.kill("SIGKILL");
    await once(first, "exit");
    await listening(start(args(), someStorage));
  });

  it("on a full disk ends it with a sentence, and loses nothing that was confirmed", async () => {
    const fullDisk = join(__dirname, "../fixtures/durable/full-disk.cjs");
    const host = start(args(), {
      ...someStorage,
      NODE_OPTIONS: `--require "${fullDisk.replaceAll("\\", "/")}"`,
    });
    const ended = Promise.all([text(host.stderr), once(host, "exit")]);
    const { origin } = await listening(host);
    const confirmed: string[] = [];
    for (let n = 0; confirmed.length === n; n++) {
      const { status } = await startRun(origin, `run-${n}`).catch(() => ({ status: 0 }));
      if (status === 202) confirmed.push(`run-${n}`);
    }
    const [error, [code]] = await ended;
    expect([code, error.split("\n")]).toEqual([
      1,
      [
        expect.stringMatching(
          /\.jsonl cannot be written: the disk is full\. Make room and start the host again; /,
        ),
        "",
      ],
    ]);

    const next = await listening(start(args(), someStorage));
    const runs = (await (await fetch(`${next.origin}/runtime/webhooks/durabletask/instances`)).json()) as {
      instanceId: string;
    }[];
    expect(confirmed.length).toBeGreaterThan(0);
    expect(runs.map(({ instanceId }) => instanceId)).toEqual(expect.arrayContaining(confirmed));
  });
});
