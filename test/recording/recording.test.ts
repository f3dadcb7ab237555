import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SkillError, type WireValue } from '../../host/index.ts';
import { recordRun } from '../../src/recording/record.ts';
import { parseRecording, readRecording, RECORDING_BYTES } from '../../src/recording/recording.ts';
import { describeDivergence, replayRun } from '../../src/recording/replay.ts';
import { fromJson, toJson } from '../../src/recording/wire-json.ts';
import type { RunOptions } from '../../src/runtime/run.ts';
import { createRuntime, type Runtime, type RuntimeOptions } from '../../src/index.ts';
import type { LedgerEvent } from '../../src/ledger/index.ts';
import { manifest, scratch, write, writeSkill } from '../runtime/folders.ts';

const root = scratch();
const SECRET = 'hünter2-is-long';
const ALL = `[capabilities]
filesystem_read = ["./"]
filesystem_write = ["./"]
env_read = ["LANG"]
secrets_access = ["token"]

`;
await writeSkill(join(root, 'skills/reach'), { id: 'custom.reach', guest: 'reach', rest: ALL });
write(join(root, 'work'), { 'a.txt': 'of the file' });

function open(options: RuntimeOptions = {}): Runtime & { readonly records: LedgerEvent[] } {
  const records: LedgerEvent[] = [];
  const runtime = createRuntime({
    home: join(root, 'home'),
    skills: [join(root, 'skills')],
    cwd: join(root, 'work'),
    env: { LANG: 'C' },
    secrets: { get: (name) => Promise.resolve(name === 'token' ? SECRET : undefined) },
    record: (event) => void records.push(event),
    spare: false,
    ...options,
  });
  return Object.assign(runtime, { records });
}

let made = 0;

/** Records a run, and what a second runtime makes of it that was granted nothing and where nothing is. */
async function twice(tool: string, options: RunOptions) {
  const file = join(root, `${made++}.jsonl`);
  const first = open();
  const second = open({ cwd: join(root, 'home'), env: {}, secrets: { get: () => Promise.resolve(undefined) } });
  try {
    const result = await recordRun(await first.find('custom.reach', tool), options, {
      file,
      call: (callable, all) => first.call(callable, all),
    });
    const text = readFileSync(file, 'utf8');
    const replay = await replayRun(readRecording(file), await second.find('custom.reach', tool), {
      call: (callable, all) => second.call(callable, all),
    });
    return { result, replay, text, records: second.records };
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
}

const GRANT = { filesystem_read: ['./'], filesystem_write: ['./'], env_read: ['LANG'], secrets_access: ['token'] };

describe('a recorded run [R-RECORD-1]', () => {
  it.each<[tool: string, input: unknown, grant: RunOptions['grant']]>([
    ['read-file', { path: 'a.txt' }, GRANT],
    ['read-file', { path: 'none.txt' }, GRANT],
    ['read-file', { path: 'a.txt' }, {}],
    ['env-get', { name: 'LANG' }, GRANT],
  ])('of %s %j ends as it did, with as much fuel, where nothing was granted', async (tool, input, grant) => {
    const { result, replay, records } = await twice(tool, { input, grant: grant ?? {} });
    expect(replay.divergence).toBeUndefined();
    expect(replay.result.ok).toBe(result.ok);
    if (result.ok && replay.result.ok) expect(replay.result.result).toEqual(result.result);
    if (!result.ok && !replay.result.ok) expect(replay.result.error.code).toBe(result.error.code);
    expect(replay.result.usage.fuel).toBe(result.usage.fuel);
    expect(replay.calls).toBeGreaterThan(0);
    // Nobody decided about anything: nothing was asked.
    expect(records.map(({ event }) => event)).toEqual(['started', result.ok ? 'finished' : 'failed']);
  });

  it('keeps secrets to itself, in every form they travel in [R-RECORD-3]', async () => {
    const { text, replay } = await twice('secret-get', { input: { name: 'token' }, grant: GRANT });
    expect(text).toContain('"call":"secrets.get"');
    for (const form of [SECRET, Buffer.from(SECRET).toString('base64'), Buffer.from(SECRET).toString('hex')])
      expect(text).not.toContain(form);
    expect(text).toContain('*'.repeat(SECRET.length));
    expect(replay.divergence).toBeUndefined();
  });

  it('is of a module: what a program does depends on its machine', async () => {
    const rest = '[[tools]]\nname = "say"\ndescription = "x"\ntype = "prompt_inline"\nprompt = "x"\n';
    write(join(root, 'skills/said'), { 'skill.toml': manifest('custom.said', rest) });
    const runtime = open();
    const file = join(root, 'said.jsonl');
    const call = (): never => {
      throw new Error('it was called');
    };
    await expect(recordRun(await runtime.find('custom.said'), {}, { file, call })).rejects.toMatchObject({
      code: 'E_USAGE',
    });
    await runtime.close();
  });
});

describe('a replay that leaves its recording [R-RECORD-2]', () => {
  const replayed = async (change: (text: string) => string, isChanged = false) => {
    const file = join(root, `${made++}.jsonl`);
    const runtime = open();
    try {
      const found = await runtime.find('custom.reach', 'read-file');
      const call = (callable: typeof found, all: RunOptions) => runtime.call(callable, all);
      await recordRun(found, { input: { path: 'a.txt' }, grant: GRANT }, { file, call });
      const recording = parseRecording(change(readFileSync(file, 'utf8')), file);
      const { divergence } = await replayRun(recording, found, { call, isChanged });
      return divergence === undefined ? 'the same' : describeDivergence(divergence);
    } finally {
      await runtime.close();
    }
  };

  it.each<[what: string, change: (text: string) => string, says: RegExp]>([
    ['nothing', (text) => text, /^the same$/],
    ['another call', (text) => text.replace('"fs.read-file"', '"fs.stat"'), /^at call 1: recorded "fs\.stat /],
    ['another argument', (text) => text.replace('["a.txt"]', '["b.txt"]'), /^at call 1: recorded .*b\.txt.*a\.txt/],
    [
      'no call at all',
      (text) =>
        text
          .split('\n')
          .filter((line) => !line.startsWith('{"call"'))
          .join('\n'),
      /no further host call/,
    ],
    ['one call more', (text) => text.replace(/(\{"call".*\n)/, '$1$1'), /replayed "no further host call"/],
    ['another answer', (text) => text.replace(/"bytes":"[^"]*"\}\}\n/, '"bytes":"eA=="}}\n'), /^at result: /],
    ['other fuel', (text) => text.replace(/"fuel":\d+/, '"fuel":1'), /^at fuel: recorded "1"/],
    ['other words', (text) => text.replace('"stderr":""', '"stderr":"x"'), /^at stderr: /],
    ['no end', (text) => text.replace(/\{"end".*\n/, ''), /^at end: recorded "nothing: it was cut off"/],
  ])('says where, when the recording has %s', async (_, change, says) => {
    expect(await replayed(change)).toMatch(says);
  });

  it.each<[type: string, more: string]>([
    ['code_inline', 'command = "touch"\nargs = ["touched"]\n'],
    ['code_session', 'command = "bash"\n'],
    ['prompt_inline', 'prompt = "x"\n'],
  ])('is none where the tool is of type %s: nothing is run, whatever the file says', async (type, more) => {
    const rest = `[capabilities]\nterminal_exec = { allowed = true, commands = ["touch", "bash"] }\n[[tools]]\nname = "go"\ndescription = "x"\ntype = "${type}"\n${more}`;
    write(join(root, `skills/${type}`), { 'skill.toml': manifest(`custom.${type.replace('_', '-')}`, rest) });
    const runtime = open({ grant: { terminal_exec: ['touch', 'bash'] } });
    const found = await runtime.find(`custom.${type.replace('_', '-')}`);
    const run = { skill: found.skill.id, version: '1.2.3', hash: found.skill.hash, tool: 'go', input: { json: {} } };
    const text = JSON.stringify({ recording: 1, run: { ...run, args: [], stdin: '', seed: 1, clock: 1, limits: {} } });
    const call = (): never => {
      throw new Error('it was called');
    };
    await expect(replayRun(parseRecording(text, 'x.jsonl'), found, { call })).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringContaining(type),
    });
    await runtime.close();
  });

  it('runs the tool alone: no health check before it, and nothing instead of it', async () => {
    const rest = `${ALL}[resilience]\nfallback_command = "touch instead"\n[resilience.health_check]\ncommand = "touch asked"\ninterval = 1\n`;
    await writeSkill(join(root, 'skills/resilient'), { id: 'custom.resilient', guest: 'reach', rest });
    const runtime = open({ grant: { terminal_exec: ['touch'] } });
    const found = await runtime.find('custom.resilient', 'read-file');
    expect(found.skill.manifest?.resilience.fallback).toBeDefined();
    const run = {
      skill: found.skill.id,
      version: '1.2.3',
      hash: found.skill.hash,
      tool: 'read-file',
      input: { json: { path: 'a' } },
    };
    const text = JSON.stringify({ recording: 1, run: { ...run, args: [], stdin: '', seed: 1, clock: 1, limits: {} } });
    const types: string[] = [];
    runtime.on(({ type }) => types.push(type));
    const { result } = await replayRun(parseRecording(text, 'x.jsonl'), found, {
      call: (callable, options) => runtime.call(callable, options),
    });
    expect(result.ok).toBe(false);
    expect(result.instead).toBeUndefined();
    expect(types.filter((type) => ['fallback', 'retry', 'decision'].includes(type))).toEqual([]);
    await runtime.close();
  });

  it('is refused for another skill, unless that is meant; then fuel may differ', async () => {
    const other = (text: string): string => text.replace(/"hash":"sha256:[0-9a-f]+"/, '"hash":"sha256:0"');
    await expect(replayed(other)).rejects.toMatchObject({ code: 'E_DIVERGED' });
    expect(await replayed(other, true)).toBe('the same');
    expect(await replayed((text) => other(text).replace(/"fuel":\d+/, '"fuel":1'), true)).toBe('the same');
  });
});

describe('what is no recording [R-RECORD-4]', () => {
  const HEAD =
    '{"recording":1,"run":{"skill":"a.b","version":"1","hash":"h","tool":"t","input":{"json":1},"args":[],"stdin":"","seed":1,"clock":1,"limits":{}}}';

  it.each([
    ['', 1],
    ['[]', 1],
    ['{"recording":2}', 1],
    ['{"recording":1}', 1],
    ['{"recording":1,"run":{}}', 1],
    [HEAD.replace('"args":[]', '"args":[1]'), 1],
    [HEAD.replace('"limits":{}', '"limits":{"fuel":"x"}'), 1],
    [`${HEAD}\n{"call":1}`, 2],
    [`${HEAD}\n{"call":1,"args":[],"answer":null}`, 2],
    [`${HEAD}\n{"call":"x","args":{},"answer":null}`, 2],
    [`${HEAD}\n{"call":"x","answer":null}`, 2],
    [`${HEAD}\n{"call":"x","args":[]}`, 2],
    [`${HEAD}\n{"call":"x","args":[],"answer":{"bytes":1}}`, 2],
    [`${HEAD}\n{"call":"x","args":[],"refused":{}}`, 2],
    [`${HEAD}\nnull`, 2],
    [`${HEAD}\n{"end":{}}`, 2],
  ])('%s: is refused, with its line', (text, line) => {
    expect(() => parseRecording(text, 'x.jsonl')).toThrow(new RegExp(`"x\\.jsonl", line ${line}: `));
  });

  it.each([
    ['a device', '/dev/zero'],
    ['a folder', '/dev'],
  ])('%s is refused, and not waited for', (_, file) => {
    expect(() => readRecording(file)).toThrow('cannot be read: not a regular file');
  });

  it('a larger file than any recording is refused, and not read', () => {
    const file = join(root, 'large.jsonl');
    writeFileSync(file, HEAD);
    truncateSync(file, RECORDING_BYTES + 1);
    expect(() => readRecording(file)).toThrow(`it has more than ${RECORDING_BYTES} bytes`);
  });

  it('never throws anything else, whatever the bytes', () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constant(HEAD),
      fc.constant('{"call":"x","args":[],"answer":null}'),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        try {
          parseRecording(lines.join('\n'), 'x');
        } catch (error) {
          expect(error).toBeInstanceOf(SkillError);
        }
      }),
    );
  });
});

describe('values of host calls as JSON', () => {
  const { value } = fc.letrec<{ value: WireValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Object.is(one, -0)),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
      fc.string(),
      fc.uint8Array(),
      fc.array(tie('value')),
      fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
    ),
  }));

  it('come back as they were', () => {
    fc.assert(
      fc.property(value, (one) => {
        const back = fromJson(JSON.parse(JSON.stringify(toJson(one))));
        expect(plain(back)).toEqual(plain(one));
      }),
    );
  });

  /** Bytes of any class alike. */
  function plain(one: WireValue): unknown {
    if (one instanceof Uint8Array) return { bytes: [...one] };
    if (Array.isArray(one)) return (one as readonly WireValue[]).map(plain);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, plain(inner)]));
  }

  it.each([{ bytes: 1 }, { whole: 'x' }, { record: [] }, {}])('%j is none', (json) => {
    expect(() => fromJson(json as never)).toThrow(TypeError);
  });
});
