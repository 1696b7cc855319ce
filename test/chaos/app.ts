import { cpSync } from "node:fs";
import { join } from "node:path";
import { appIn, type LocalHost, startLocalHost } from "../../local/host/local-host";
import { packageRoot } from "../../local/host/package-root";
import { localKeys } from "../../local/simulators/services";
import type { World } from "./world";

export function startApp(world: Omit<World, "host">, dataFolder: string): Promise<LocalHost> {
  const { random, clock, services, settings, log } = world;
  return startLocalHost({
    ...appIn(packageRoot),
    clock,
    dataFolder,
    settings: { ...services.settings, ...settings },
    faults: {
      seed: random.between(0, 2 ** 31),
      earlyTimers: random.isTrue(0.5),
      loseEventsAtPending: random.isTrue(0.5),
      runActivitiesTwice: random.isTrue(0.3),
      shuffleResults: random.isTrue(0.5),
      pauseMs: random.oneOf([0, 0, 500]),
      ...(random.isTrue(0.5) ? { startGap: nextTurn } : {}),
    },
    log: (_level, _name, _id, text) => void log.push(text),
  });
}

const nextTurn = () => new Promise<void>((done) => setImmediate(done));

/** Intezer's webhook is delivered to the app. */
export function listen({ services, host, random }: World): void {
  const url = `${host.origin}/api/webhooks/intezer`;
  services.intezer.setWebhook({ url, authorization: localKeys.webhook, times: random.between(1, 3) });
}

/** The engine is abandoned with whatever it is doing, and a new one opens a copy of its journal. */
export async function killApp(world: World): Promise<void> {
  const release = world.clock.hold();
  const next = join(world.folder, "1");
  world.services.intezer.setWebhook(undefined);
  // The lock dies with its process, which here lives on.
  const filter = (path: string) => !/\.lock-\d+$/.test(path);
  await world.host.abandon(() => cpSync(join(world.folder, "0"), next, { recursive: true, filter }));
  world.host = await startApp(world, next);
  listen(world);
  release();
}
