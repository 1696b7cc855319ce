import { defineConfig } from "vitest/config";

/** An app elsewhere runs in ordinary time, and its simulators have one port each: one story after the other. */
const isElsewhere = process.env.E2E_APP_URL !== undefined;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/build.ts"],
    // For a busy machine; nothing here waits.
    testTimeout: isElsewhere ? 120_000 : 60_000,
    hookTimeout: 60_000,
    fileParallelism: !isElsewhere,
    // Vitest leaves one core free, which on a machine of two is half of it.
    maxWorkers: "100%",
    pool: "forks",
    // A file takes the modules that the file before it loaded: to load the SDKs anew costs more than most files' tests.
    isolate: false,
  },
});
