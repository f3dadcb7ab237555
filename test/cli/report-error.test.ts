import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CapabilityDenied, ERROR_CODES, type ErrorCode, SkillError } from '../../host/index.ts';
import { asSkillError, exitCodeOf, placeOf, printError, toReport } from '../../src/cli/report-error.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { manifest, scratch, write } from '../runtime/folders.ts';
import { expectInert } from './support.ts';

const root = scratch();
const CODES = Object.keys(ERROR_CODES) as ErrorCode[];
const HOSTILE = '\u001b[31m\u202eevil\r\n  code: E_FORGED\u200b\u{e0041}\u009b2J';

async function printed(
  error: SkillError,
  width = 80,
  style = (_format: string, text: string) => text,
): Promise<string> {
  let text = '';
  const refuse = (): never => expect.fail('an error is neither data nor talk');
  const terminal: Terminal = {
    out: refuse,
    say: refuse,
    error: (more) => void (text += more),
    isTerminal: false,
    width,
    style,
  };
  await printError(error, terminal);
  return text;
}

describe('every error as it is printed [R-RUN-2]', () => {
  it.each(CODES)('%s says what happened, what mends it, and its code', async (code) => {
    const text = await printed(new SkillError(code, 'it went wrong', { hint: 'do it otherwise' }));
    expect(text).toBe(`error: it went wrong\n  fix: do it otherwise\n  code: ${code}\n`);
  });

  it.each(CODES)('%s from a hostile origin forges no line [R-CLI-2]', async (code) => {
    const error = new SkillError(code, HOSTILE, { hint: HOSTILE, details: { failure: HOSTILE } });
    const text = await printed(error);
    expectInert(text);
    expect(text).not.toMatch(/[\u{e0000}-\u{e0fff}]/u);
    expect(text.split('\n').filter((line) => line.startsWith('  code: '))).toEqual([`  code: ${code}`]);
    expect(text.match(/^(?:error:|  then|  fix:) \\u\{1b\}/gm)).toHaveLength(3);
  });

  it.each([40, 80, 120])('long sentences are broken within %i columns, and continue indented', async (width) => {
    const long = 'some words of a sentence '.repeat(12).trim();
    const text = await printed(new SkillError('E_GUEST', long, { hint: long, details: { failure: long } }), width);
    for (const line of text.trimEnd().split('\n')) {
      expect(line.length).toBeLessThanOrEqual(width);
      expect(line).toMatch(/^(?:error: |  then |  fix: |  code: | {7}\w)/);
    }
  });

  it('only the labels are coloured', async () => {
    const error = new SkillError('E_INPUT', 'wrong', { hint: 'right' });
    expect(await printed(error, 80, (format, text) => `<${format}>${text}</>`)).toBe(
      '<red>error:</> wrong\n<green>  fix:</> right\n<dim>  code: E_INPUT\n</>',
    );
  });

  it('a failure that is no text is left out', async () => {
    const error = new SkillError('E_GUEST', 'x', { hint: 'y', details: { failure: { toString: HOSTILE } } });
    expect(await printed(error)).not.toContain('then');
  });
});

describe('an error as an object', () => {
  const GENERAL = ['E_OUTPUT', 'E_NETWORK', 'E_MEMORY', 'E_GUEST', 'E_MODULE_LIMIT', 'E_ABORTED'];

  it.each(CODES)('%s keeps its own hint, and has the general one otherwise', (code) => {
    const details = { limit: 'x' };
    const own = toReport(new SkillError(code, 'what', { hint: 'own', details }));
    expect(own).toEqual({ code, message: 'what', hint: 'own', details });
    const bare = toReport(new SkillError(code, 'what'));
    expect(bare).toEqual({
      code,
      message: 'what',
      details: undefined,
      hint: GENERAL.includes(code) ? expect.stringMatching(/\w{4}/) : undefined,
    });
  });

  it.each(CODES)('%s ends with an exit code that is no success', (code) => {
    expect(exitCodeOf(new SkillError(code, 'x'))).toBe(ERROR_CODES[code].exit);
    expect(exitCodeOf(new SkillError(code, 'x'))).toBeGreaterThan(0);
  });
});

describe('a denial [R-GATE-1]', () => {
  const denied = (details: Readonly<Record<string, unknown>>): CapabilityDenied =>
    new CapabilityDenied('no', { layer: 'manifest', rule: 'env_read = []', hint: 'grant it', details });
  const file = join(root, 'skill.toml');
  write(root, { 'skill.toml': manifest('custom.a', '\n[capabilities]\nenv_read = ["LANG"]\n'), 'bad.toml': '[' });

  it.each<[what: string, details: Readonly<Record<string, unknown>>, place: string | RegExp]>([
    ['the line of its rule', { source: file, field: 'capabilities.env_read' }, `rule at ${file}:9`],
    ['no file', {}, 'rule env_read = []'],
    ['an option for a source', { source: '--grant', field: '--grant' }, 'rule env_read = []'],
    ['a source that is no text', { source: 4, field: 'x' }, 'rule env_read = []'],
    ['no field', { source: file }, 'rule env_read = []'],
    ['a file that is gone', { source: '/gone.toml', field: 'a.network' }, '/gone.toml has no network'],
  ])('with %s', async (_what, details, place) => {
    expect(await placeOf(denied(details))).toBe(place);
    expect(await printed(denied(details), 400)).toBe(
      `error: no\n  why: layer manifest, ${String(place)}\n  fix: grant it\n  code: E_DENIED\n`,
    );
  });

  it('by a file that cannot be parsed is still told', async () => {
    expect(await placeOf(denied({ source: join(root, 'bad.toml'), field: 'capabilities.env_read' }))).toContain(root);
  });
});

describe('anything that is thrown', () => {
  it('is itself when it is an error of ours', () => {
    const error = new SkillError('E_USAGE', 'x');
    expect(asSkillError(error)).toBe(error);
  });

  it.each<[thrown: unknown, message: string]>([
    [new TypeError('x is not a function'), 'x is not a function'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [{ code: 'E_USAGE', message: 'not ours' }, '[object Object]'],
  ])('is a defect otherwise: %s', (thrown, message) => {
    const error = asSkillError(thrown);
    expect(error).toMatchObject({ code: 'E_INTERNAL', hint: expect.stringContaining('--verbose') });
    expect(error.cause).toBe(thrown);
    expect(error.message).toBe(`a defect of skillhost: ${message}`);
  });

  it.each([
    ['ENOENT', 'E_NOT_FOUND'],
    ['ENOTDIR', 'E_NOT_FOUND'],
    ['EACCES', 'E_USAGE'],
    ['ENOSPC', 'E_USAGE'],
    ['EEXIST', 'E_USAGE'],
  ])('is no defect where a file could not be used: %s', (code, expected) => {
    const thrown = Object.assign(new Error(code), { code, syscall: 'open', path: 'a\u001b[2J' });
    expect(asSkillError(thrown)).toMatchObject({ code: expected, message: `"a\\u{1b}[2J" cannot be used: ${code}` });
  });

  it('names a working directory that is gone', () => {
    const error = asSkillError(Object.assign(new Error('ENOENT'), { syscall: 'uv_cwd' }));
    expect(error).toMatchObject({ code: 'E_NOT_FOUND', hint: expect.stringContaining('cd ') });
  });
});
