import fc from 'fast-check';
import { afterAll } from 'vitest';
import { removeScratch } from './fixtures/scratch.ts';
import { SEED } from './seed.ts';

// A property that fails only now and then fails in whoever's change happens to run it.
fc.configureGlobal({ seed: SEED });

afterAll(removeScratch);
