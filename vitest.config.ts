import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    dir: 'test',
    include: ['**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: '100%',
    // Some tests kill real processes or wait for real deadlines, and a shared machine may be late once. Twice is a failure.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
});
