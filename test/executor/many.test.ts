import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/index.ts';
import { workbench } from './bench.ts';

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

const MIB = 1024 * 1024;
const RUNS = 10_000;

/** What is left after a while, when nothing is held. */
async function settledMemory(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage().heapUsed;
}

describe('ten thousand runs that wait for their turn [R-QUEUE-3]', () => {
  it('all end, as they should, and each is written down', async () => {
    let [started, ended] = [0, 0];
    const { runtime, events } = workbench(
      {},
      {
        rest: REST,
        record: ({ event }) => {
          if (event === 'started') started++;
          if (event === 'finished' || event === 'failed' || event === 'killed') ended++;
        },
      },
    );
    const tools = await Promise.all(['say', 'gone', 'same'].map((name) => runtime.find('custom.sample', name)));
    const round = async (count: number): Promise<Map<string, number>> => {
      const outcomes = new Map<string, number>();
      const tell = (result: RunResult): void => {
        const how = result.ok ? 'ok' : result.error.code;
        outcomes.set(how, (outcomes.get(how) ?? 0) + 1);
      };
      const calls = Array.from({ length: count }, (_, i) => {
        const tool = tools[i % 3];
        if (tool === undefined) throw new Error('no tool');
        // Every twelfth is written wrongly, and begins nothing.
        const input = i % 12 === 0 ? {} : i % 3 === 1 ? {} : { text: String(i % 500) };
        return runtime.call(tool, { input }).then(tell);
      });
      await Promise.all(calls);
      return outcomes;
    };
    await round(RUNS / 10);
    const before = await settledMemory();
    [started, ended] = [0, 0];
    events.length = 0;
    const outcomes = await round(RUNS);
    const wrong = Math.ceil(RUNS / 12);
    expect(Object.fromEntries(outcomes)).toEqual({
      E_INPUT: wrong,
      E_DENIED: Math.ceil((RUNS - 1) / 3),
      ok: RUNS - wrong - Math.ceil((RUNS - 1) / 3),
    });
    expect([started, ended]).toEqual([RUNS - wrong, RUNS - wrong]);
    events.length = 0;
    // What a result may keep of itself is a few KiB in all; ten thousand runs that were held would be some ten MiB.
    expect((await settledMemory()) - before).toBeLessThan(8 * MIB);
  });
});
