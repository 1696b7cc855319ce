import { setTimeout as delay } from "node:timers/promises";
import { lockFolder } from "../folder-lock";

/**
 * Runs Azurite's table service, with its command line, for as long as the process that started it lives: the channel
 * between the two closes however that one ends. Azurite then saves its tables, as when its own parent asks it to. It
 * reads its tables when it starts: two on one folder would each overwrite what the other saved.
 */
process.once("disconnect", () => {
  const isStarted = process.emit("message", "shutdown", undefined);
  setTimeout(() => process.exit(), isStarted ? 5_000 : 0).unref();
});

const folder = process.argv[process.argv.indexOf("--location") + 1] ?? "";

lockWithPatience().then(
  () => require("azurite/dist/src/table/main.js"),
  (error: unknown) => {
    console.error((error as Error).message);
    process.exit(1);
  },
);

/** The Azurite of a process that was killed may still be saving its tables. */
async function lockWithPatience(): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    try {
      return void (await lockFolder(folder));
    } catch {
      await delay(500);
    }
  }
  await lockFolder(folder);
}
