import fc from 'fast-check';
import { SEED } from './seed.ts';

// A property that fails only now and then fails in whoever's change happens to run it.
fc.configureGlobal({ seed: SEED });
