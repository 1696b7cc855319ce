import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/bench/*.bench.ts"],
    globalSetup: ["test/support/build.ts"],
    testTimeout: 600_000,
    fileParallelism: false,
    pool: "forks",
    // Host, simulators with all their logs and the test runner are one process: it is not to need more than this.
    execArgv: ["--max-old-space-size=400"],
    reporters: ["default"],
    disableConsoleIntercept: true,
  },
});
