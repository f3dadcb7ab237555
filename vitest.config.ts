import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const asked = process.env['SKILLHOST_SEED'] ?? '0';
const seed = asked === 'random' ? randomInt(2 ** 31) : Number(asked);
if (asked.trim() === '' || seed !== (seed | 0))
  throw new Error(`SKILLHOST_SEED is ${JSON.stringify(asked)}: say "random", or an integer of 32 bits`);
if (seed !== 0) console.log(`SKILLHOST_SEED=${seed}`);

/** Tests with deadlines, and those that take a whole machine: one file after the other, nothing beside them. */
const ALONE = [
  'test/bench/**/*.test.ts',
  'test/executor/rude.test.ts',
  'test/faults/**/*.test.ts',
  'test/host/limits/**/*.test.ts',
  'test/host/sandbox/**/*.test.ts',
  'test/host/supervisor/**/*.test.ts',
  'test/ledger/processes.test.ts',
  'test/recipe/kills.test.ts',
];

const group = (
  name: string,
  order: number,
  test: TestProjectInlineConfiguration['test'],
): TestProjectInlineConfiguration => ({
  extends: true,
  test: { ...test, name, sequence: { groupOrder: order } },
});

export default defineConfig({
  test: {
    // Guest processes and the command run their bundles.
    globalSetup: ['scripts/bundle.mjs'],
    setupFiles: ['test/setup.ts'],
    env: { SKILLHOST_SEED: String(seed) },
    // One that expects nothing cannot fail.
    expect: { requireAssertions: true },
    pool: 'forks',
    // For a machine that does other things as well, on a slow disk.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      group('together', 0, { include: ['test/**/*.test.ts'], exclude: ALONE, maxWorkers: availableParallelism() }),
      group('alone', 1, { include: ALONE, maxWorkers: 1 }),
    ],
  },
});
