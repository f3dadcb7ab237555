import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifest, scratch, write } from '../runtime/folders.ts';

const REST = `[capabilities]
terminal_exec = { allowed = true, commands = ["true"] }
[resilience]
max_concurrent_skills = 8
execution_queue_size = 10000
[[tools]]
name = "say"
description = "Says"
type = "prompt_inline"
prompt = "Say {text}"
parameters = { text = { type = "string", required = true } }
[[tools]]
name = "gone"
description = "Is not granted"
type = "code_inline"
command = "true"
[[tools]]
name = "same"
description = "Is kept"
type = "prompt_inline"
prompt = "Say {text}"
cacheable = true
parameters = { text = { type = "string", required = true } }
`;

const PROGRAM = join(import.meta.dirname, 'many-runs.mjs');
const [ROUNDS, COUNT] = [10, 1_000];

interface Said {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly records: { readonly started: number; readonly ended: number };
  /** Resident, after each round. */
  readonly sizes: readonly number[];
}

describe('ten thousand runs that wait for their turn [R-QUEUE-3]', () => {
  it('all end, as they should, each is written down, and the process is no larger after', () => {
    const root = scratch();
    write(root, { 'skills/sample/skill.toml': manifest('custom.sample', REST) });
    const words = ['--expose-gc', PROGRAM, root, String(ROUNDS), String(COUNT)];
    const { outcomes, records, sizes } = JSON.parse(
      execFileSync(process.execPath, words, { encoding: 'utf8' }),
    ) as Said;
    const wrong = ROUNDS * Math.ceil(COUNT / 12);
    const denied = ROUNDS * Math.ceil((COUNT - 1) / 3);
    expect(outcomes).toEqual({ E_INPUT: wrong, E_DENIED: denied, ok: ROUNDS * COUNT - wrong - denied });
    expect(records).toEqual({ started: ROUNDS * COUNT - wrong, ended: ROUNDS * COUNT - wrong });
    // The first rounds make room for what is kept.
    const [usual = 0, ...later] = sizes.slice(2);
    expect(Math.max(...later) / usual).toBeLessThan(1.05);
  });
});
