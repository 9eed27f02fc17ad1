import { defineConfig } from 'vitest/config';
import { engineEnvironment } from './scripts/engine-environment.mjs';
import { softwareAdapterEnvironment } from './scripts/test/software-adapter.ts';

export default defineConfig({
  test: {
    env: engineEnvironment,
    pool: 'forks',
    // TensorFlow takes every core it finds: more files at once would only wait for each other.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          env: softwareAdapterEnvironment(),
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          // Runs give way to all else that the computer does: patience costs nothing where nothing hangs.
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/harness/global-set-up.ts'],
          // After the others and one at a time, so that what is measured is the application.
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          // A window on a busy machine may miss a moment once. What fails twice fails.
          retry: 1,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
