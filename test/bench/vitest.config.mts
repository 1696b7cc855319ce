import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/bench/*.bench.ts"],
    globalSetup: ["test/support/build.ts"],
    testTimeout: 600_000,
    fileParallelism: false,
    pool: "forks",
    reporters: ["default"],
    disableConsoleIntercept: true,
  },
});
