import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entry, openContest, type Participant } from './kit/contest.ts';
import { beyond } from './kit/beyond.ts';
import type { Lab, Row } from './kit/row.ts';
import { callTool, openRuntime } from './kit/self.ts';
import { timeProgram } from './peer/copy.ts';

const PROGRAM = 'a tool that is `true`';
const BARE = '`true`, started by Node';
const BEYOND = 'a tool beyond its program';
const SESSION = 'a request to a session of bash';
const HIT = 'a call that the cache answers';

const MANIFEST = `[skill]
id = "custom.bench"
name = "Bench"
description = "Tools that are measured."
version = "0.1.0"
api_version = "1.0"
[capabilities]
terminal_exec = { allowed = true, commands = ["true", "bash"] }
[[tools]]
name = "once"
description = "Does nothing"
type = "code_inline"
command = "true"
[[tools]]
name = "kept"
description = "Does nothing, again"
type = "code_inline"
command = "true"
cacheable = true
[[tools]]
name = "session"
description = "Does nothing, and stays"
type = "code_session"
command = "bash"
`;
const GRANT = { terminal_exec: ['true', 'bash'] };

/** One of the tools, called again and again within one runtime. */
async function openTool(
  lab: Lab,
  {
    name,
    tool,
    input = {},
    scale = 1,
    times = 1,
  }: {
    readonly name: string;
    readonly tool: string;
    readonly input?: unknown;
    readonly scale?: number;
    readonly times?: number;
  },
): Promise<Entry> {
  const folder = await mkdtemp(join(lab.folder, 'tools-'));
  await writeFile(join(folder, 'skill.toml'), MANIFEST);
  const runtime = await openRuntime(lab);
  const found = await runtime.find(folder, tool);
  const call = (): Promise<unknown> => callTool(runtime, found, { grant: GRANT, input });
  await call();
  async function sample(): Promise<number[]> {
    const started = performance.now();
    for (let i = 0; i < times; i++) await call();
    return [((performance.now() - started) * scale) / times];
  }
  return { contenders: [{ name, isOurs: true, sample }], close: () => runtime.close() };
}

const bare = (lab: Lab): Participant => ({
  names: [BARE],
  open: () =>
    Promise.resolve({
      contenders: [{ name: BARE, isOurs: false, sample: async () => [await timeProgram('true', [], lab.folder)] }],
    }),
});

export const programTool: Row = {
  id: 'program-tool',
  promise: 'a tool of type code_inline, beyond the time of its program',
  unit: 'ms',
  seconds: { tiny: 0, short: 3, full: 20 },
  comparisons: [{ ours: PROGRAM, peer: BARE, statistic: 'p50' }],
  notes: [
    'The whole path within a process that runs already: arguments, gate, records on the disk, the sandbox that the machine has, limits, result. What is promised is what that adds: at most 15 ms in bubblewrap.',
  ],
  open: (lab) => openContest(lab, [() => openTool(lab, { name: PROGRAM, tool: 'once' })], [bare(lab)]),
  summarize: beyond({ name: BEYOND, ours: PROGRAM, peer: BARE, unit: 'ms', target: { atMost: 15 } }),
};

export const sessionRequest: Row = {
  id: 'session-request',
  promise: 'a request to a session that runs, beyond what the interpreter does',
  unit: 'ms',
  seconds: { tiny: 0, short: 2, full: 10 },
  comparisons: [{ ours: SESSION, statistic: 'p50', target: { atMost: 2 } }],
  notes: ['The code is `:`, which takes bash no time to speak of; the rest is ours.'],
  open: (lab) => openContest(lab, [() => openTool(lab, { name: SESSION, tool: 'session', input: { code: ':' } })]),
};

export const cacheHit: Row = {
  id: 'cache-hit',
  promise: 'a call that is answered by what came of it before',
  unit: 'µs',
  seconds: { tiny: 0, short: 2, full: 10 },
  comparisons: [{ ours: HIT, statistic: 'p50', target: { atMost: 50 } }],
  notes: ['Of a tool that was found before, with both of its records written.'],
  open: (lab) => openContest(lab, [() => openTool(lab, { name: HIT, tool: 'kept', scale: 1_000, times: 50 })]),
};
