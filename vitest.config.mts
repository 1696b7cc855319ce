import { defineConfig } from "vitest/config";

/** An app elsewhere runs in ordinary time, and its simulators have one port each: one story after the other. */
const isElsewhere = process.env.E2E_APP_URL !== undefined;

/**
 * Two tiers: `npm test` leaves the slow files out and draws fewer cases of generated tests, `npm run test:full` (mode
 * `full`) runs everything that needs no Azure and no browser.
 */
export default defineConfig(({ mode }) => ({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: mode === "full" ? [] : ["test/**/*.slow.test.ts"],
    env: { TEST_TIER: mode === "full" ? "full" : "quick" },
    globalSetup: ["test/support/build.ts"],
    setupFiles: ["test/support/seed.ts"],
    // For a busy machine: nothing waits for it.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 120_000 } },
    fileParallelism: !isElsewhere,
    // Vitest leaves one core free, which on a machine of two is half of it.
    maxWorkers: "100%",
    pool: "forks",
    // A file takes the modules that the file before it loaded: to load the SDKs again costs more than most files' tests.
    isolate: false,
  },
}));
