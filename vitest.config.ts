import { defineConfig } from 'vitest/config';
import { engineEnvironment } from './scripts/engine-environment.mjs';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: engineEnvironment,
    pool: 'forks',
    // TensorFlow takes every core it finds: more files at once would only wait for each other.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
