import { describe, expect, it } from 'vitest';
import { type CommandResult, SkillError } from '../../host/index.ts';
import { checkPreconditions } from '../../src/recipe/check-preconditions.ts';
import { describeCommand, isTooLong, type Outcome, performCommand, performTool } from '../../src/recipe/perform.ts';
import type { Ports, ToolOutcome } from '../../src/recipe/ports.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import { Values } from '../../src/recipe/values.ts';
import { read, withStep } from './samples.ts';

interface World {
  readonly chunks?: readonly Uint8Array[];
  readonly throws?: Error;
  readonly answer?: ToolOutcome;
}

function portsOf({ chunks = [], throws, answer }: World): Ports {
  const never = (): never => {
    throw new Error('it is not asked for');
  };
  return {
    commands: {
      decide: never,
      run: ({ onOutput }): Promise<CommandResult> => {
        if (throws !== undefined) return Promise.reject(throws);
        for (const chunk of chunks) onOutput?.('stdout', chunk);
        return Promise.resolve({
          exitCode: 0,
          stdout: Buffer.concat(chunks),
          stderr: new Uint8Array(),
          durationMs: 0,
          memoryBytes: 0,
          isolation: 'none',
        });
      },
      variable: never,
      exists: never,
      isInstalled: (name) => name === 'here',
    },
    asker: { confirm: never, answer: never, settle: never },
    callTool: () => Promise.resolve(answer ?? { ok: true, result: '' }),
    onProgress: () => undefined,
    redact: (text) => text.replaceAll('marker', '[secret]'),
    sleep: never,
    signal: new AbortController().signal,
  };
}

const valuesOf = (recipe: Recipe): Values =>
  new Values({ recipe, parameters: new Map(), outputs: new Map(), variable: () => undefined });

async function command(world: World, fields = 'command: a'): Promise<{ outcome: Outcome; told: string[] }> {
  const recipe = await read(withStep(fields));
  const { action, manner, expect: wanted } = recipe.steps[0] ?? {};
  if (action?.kind !== 'command' || manner === undefined || wanted === undefined) throw new Error('no command');
  const told: string[] = [];
  const outcome = await performCommand(
    action,
    manner,
    { values: valuesOf(recipe), expect: wanted, onOutput: (_, text) => told.push(text) },
    portsOf(world),
  );
  return { outcome, told };
}

async function tool(answer: ToolOutcome, expectation = ''): Promise<Outcome> {
  const recipe = await read(withStep(`tool: a.b\n${expectation}`));
  const { action, expect: wanted } = recipe.steps[0] ?? {};
  if (action?.kind !== 'tool' || wanted === undefined) throw new Error('no tool');
  return performTool(action, { values: valuesOf(recipe), expect: wanted }, portsOf({ answer }));
}

const bytes = (...texts: readonly string[]): Uint8Array[] => texts.map((text) => Buffer.from(text));

describe('what a program prints [R-RECIPE-12]', () => {
  it.each<[what: string, chunks: readonly Uint8Array[], told: readonly string[]]>([
    ['nothing', [], []],
    ['whole lines', bytes('a\n', 'b\nc\n'), ['a\n', 'b\nc\n']],
    ['a line in parts', bytes('a', 'b', 'c\nd'), ['abc\n', 'd']],
    ['a secret in parts', bytes('x mar', 'ker y\n'), ['x [secret] y\n']],
    ['a secret at the end', bytes('mar', 'ker'), ['[secret]']],
    ['a character in parts', [Uint8Array.of(0xc3), Uint8Array.of(0xa9, 0x0a)], ['é\n']],
    ['half a character', [Uint8Array.of(0x61, 0xc3)], ['a\ufffd']],
  ])('%s is told by lines, without secrets', async (_, chunks, told) => {
    expect((await command({ chunks })).told).toEqual(told);
  });

  it('is kept without the ends of its lines, and without secrets', async () => {
    expect((await command({ chunks: bytes('a\nb\r\n\n') })).outcome.output).toEqual({
      stdout: 'a\nb',
      stderr: '',
      exitCode: 0,
    });
    expect((await command({ chunks: bytes('a marker\n') })).outcome.output).toEqual({
      stdout: 'a [secret]',
      stderr: '',
      exitCode: 0,
      isRedacted: true,
    });
  });

  it('is too long together with what was printed before', () => {
    const of = (length: number): { stdout: string; stderr: string; exitCode: number } => ({
      stdout: 'x'.repeat(length),
      stderr: '',
      exitCode: 0,
    });
    expect([
      isTooLong([of(65_536)]),
      isTooLong([of(65_537)]),
      isTooLong([of(40_000), undefined]),
      isTooLong([of(40_000), of(30_000)]),
    ]).toEqual([false, true, false, true]);
  });
});

describe('what an action failed with [R-RECIPE-7]', () => {
  it.each<[code: ConstructorParameters<typeof SkillError>[0], mayRetry: boolean]>([
    ['E_TIMEOUT', true],
    ['E_MESSAGE_LIMIT', true],
    ['E_UNAVAILABLE', true],
    ['E_INPUT', false],
    ['E_NOT_FOUND', false],
  ])('%s fails the step, tried again: %s', async (code, mayRetry) => {
    const { outcome } = await command({ throws: new SkillError(code, 'the marker is wrong', { hint: 'mend it' }) });
    expect(outcome).toMatchObject({
      mayRetry,
      error: { code, message: 'the [secret] is wrong', hint: 'mend it' },
      output: { exitCode: -1 },
    });
  });

  it.each(['E_ABORTED', 'E_LEDGER', 'E_JOURNAL', 'E_CONFIRM', 'E_DOUBT', 'E_INTERNAL'] as const)(
    '%s ends the run',
    async (code) => {
      await expect(command({ throws: new SkillError(code, 'it ends') })).rejects.toMatchObject({ code });
    },
  );

  it('a defect is no failure of a step', async () => {
    await expect(command({ throws: new TypeError('x is undefined') })).rejects.toThrow(TypeError);
  });

  it.each<[answer: ToolOutcome, expectation: string, outcome: object]>([
    [{ ok: true, result: 'text\n' }, '', { error: undefined, output: { stdout: 'text' } }],
    [{ ok: true, result: { a: [1] } }, '', { error: undefined, output: { stdout: '{"a":[1]}' } }],
    [{ ok: true, result: Buffer.from('bytes') }, '', { output: { stdout: 'bytes' } }],
    [{ ok: true, result: undefined }, '', { output: { stdout: '' } }],
    [{ ok: true, result: { a: 1 } }, 'expect: { json_path: a, equals: 1 }', { error: undefined }],
    [
      { ok: true, result: { a: 2 } },
      'expect: { json_path: a, equals: 1 }',
      { error: { code: 'E_EXPECTATION' }, mayRetry: true },
    ],
    [{ ok: true, result: 'marker' }, '', { output: { stdout: '[secret]', isRedacted: true } }],
    [
      { ok: false, code: 'E_GUEST', message: 'no marker' },
      '',
      { error: { code: 'E_GUEST', message: 'no [secret]' }, mayRetry: true },
    ],
    [{ ok: false, code: 'E_DENIED', message: 'no' }, '', { mayRetry: false }],
    [{ ok: false, code: 'E_INPUT', message: 'no' }, '', { mayRetry: false }],
  ])('a tool: %j', async (answer, expectation, outcome) => {
    expect(await tool(answer, expectation)).toMatchObject(outcome);
  });
});

describe('a command in one line [R-RECIPE-9]', () => {
  it.each([
    ['command: git log --oneline', 'git log --oneline'],
    ['command: [echo, "a b", "it\'s", "", "$x", "*"]', String.raw`echo 'a b' 'it'\''s' '' '$x' '*'`],
    ['command: echo {{env.HOME}}', 'echo {{env.HOME}}'],
    ['command: "a\\nb {{env.X}}"\nshell: true', 'sh: a; b "${SKILL_VALUE_1}"'],
  ])('%j', async (fields, line) => {
    const recipe = await read(withStep(fields));
    const { action } = recipe.steps[0] ?? {};
    if (action?.kind !== 'command' && action?.kind !== 'shell') throw new Error('no command');
    expect(describeCommand(action, valuesOf(recipe))).toBe(line);
  });
});

describe('preconditions [R-RECIPE-11]', () => {
  it('are told all at once, and a defect is none of them', async () => {
    const recipe = await read(
      withStep(
        'command: a',
        'preconditions:\n  - { check: command_exists, args: [here, gone, lost], message: Install, fallback: do so }\n  - { check: command_exists, args: [here] }\n  - { check: custom, script: a }\n',
      ),
    );
    expect(await checkPreconditions(recipe, valuesOf(recipe), portsOf({}))).toEqual([
      'Install (not installed: gone, lost); do so',
    ]);
    const files = await read(withStep('command: a', 'preconditions:\n  - { check: file_exists, args: [x] }\n'));
    await expect(checkPreconditions(files, valuesOf(files), portsOf({}))).rejects.toThrow('it is not asked for');
  });
});
