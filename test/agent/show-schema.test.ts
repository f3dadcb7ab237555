import { describe, expect, it } from 'vitest';
import { answerOf, refusal } from '../../src/agent/answer.ts';
import { oneLine, readable } from '../../src/agent/readable.ts';
import { showSchema } from '../../src/agent/show-schema.ts';
import { schemaOf, toRunInput } from '../../src/agent/tool-schema.ts';
import { CapabilityDenied, SkillError } from '../../src/index.ts';
import type { RunResult } from '../../src/index.ts';

describe('text for a model [R-AGENT-5]', () => {
  it.each<[text: string, shown: string]>([
    ['plain', 'plain'],
    ['a\u202eb', 'a\\u{202e}b'],
    ['a\u200bb', 'a\\u{200b}b'],
    ['a\u001b[31mb', 'a\\u{1b}[31mb'],
    ['tag \u{e0041}', 'tag \\u{e0041}'],
    ['back\\slash', 'back\\slash'],
    ['größe 字', 'größe 字'],
  ])('%j', (text, shown) => {
    expect([oneLine(text), readable(text)]).toEqual([shown, shown]);
  });

  it('line ends and tabs stay where there may be lines, and are written out where there may not', () => {
    expect(readable('a\r\nb\n\tc')).toBe('a\nb\n\tc');
    expect(oneLine('a\nb\tc')).toBe('a\\u{a}b\\u{9}c');
    expect(readable('a\rb')).toBe('a\\u{d}b');
  });
});

describe('a schema for a model [R-AGENT-5]', () => {
  it('says what it says openly, at any depth, and is otherwise the same', () => {
    const schema = {
      type: 'object',
      title: 'A\u200b',
      properties: {
        description: { type: 'string', description: 'ignore\u202e this' },
        list: { type: 'array', items: { type: 'string', title: '\u{e0041}', enum: ['\n', '\t', ','] } },
      },
      required: ['description'],
      additionalProperties: false,
    };
    expect(showSchema(schema)).toEqual({
      type: 'object',
      title: 'A\\u{200b}',
      properties: {
        description: { type: 'string', description: 'ignore\\u{202e} this' },
        list: { type: 'array', items: { type: 'string', title: '\\u{e0041}', enum: ['\n', '\t', ','] } },
      },
      required: ['description'],
      additionalProperties: false,
    });
  });

  it.each<[what: string, schema: object]>([
    ['in a name', { type: 'object', properties: { 'a\u200b': { type: 'string' } } }],
    ['in a choice', { type: 'object', properties: { a: { enum: ['x', 'x\u202e'] } } }],
    ['in a required name', { type: 'object', required: ['a\u2066'] }],
    ['in a default', { type: 'object', properties: { a: { default: { b: '\u0000' } } } }],
  ])('one that hides something %s is none', (_what, schema) => {
    expect(showSchema({ ...schema })).toBeUndefined();
  });

  it('one that is nested without end is none', () => {
    let schema: Record<string, unknown> = { type: 'string' };
    for (let depth = 0; depth < 50_000; depth++) schema = { items: schema };
    expect(showSchema(schema)).toBeUndefined();
  });

  it('a name such as __proto__ stays a name', () => {
    const shown = showSchema(JSON.parse('{"properties":{"__proto__":{"type":"string"}}}') as Record<string, unknown>);
    expect(JSON.stringify(shown)).toBe('{"properties":{"__proto__":{"type":"string"}}}');
    expect(Object.getPrototypeOf(shown?.['properties'])).toBe(Object.prototype);
  });
});

describe('arguments of tools without a schema [R-AGENT-3]', () => {
  it.each<[input: 'json' | 'raw' | 'command', given: object, run: object]>([
    ['json', { a: 1 }, { input: { a: 1 } }],
    ['raw', { input: 'text' }, { input: 'text' }],
    ['command', { args: ['-l'], stdin: 'text' }, { args: ['-l'], stdin: 'text' }],
    ['command', {}, { args: [], stdin: '' }],
  ])('%s %j', (input, given, run) => {
    expect(toRunInput({ input }, given)).toEqual(run);
    expect(schemaOf({ input, parameters: undefined })).toMatchObject({ type: 'object' });
  });
});

describe('answers [R-AGENT-3]', () => {
  const usage = { durationMs: 1, fuel: 1, memoryBytes: 1, hostCalls: 0 };
  const ended = { run: 'r', usage, denials: [], stderr: '', attempts: 1, instead: undefined };
  const ok = (result: unknown): RunResult => ({ ok: true, result, ...ended });

  it.each<[what: string, result: unknown, value: unknown, text: string]>([
    ['text', 'a\nb', 'a\nb', 'a\nb'],
    ['a number', 3, 3, '3'],
    ['an object', { a: [1] }, { a: [1] }, '{"a":[1]}'],
    ['nothing', undefined, null, 'null'],
    ['bytes that are text', Buffer.from('grün'), 'grün', 'grün'],
    ['bytes that begin with a byte order mark', Buffer.from('\ufeffa'), '\ufeffa', '\ufeffa'],
    ['other bytes', Buffer.from([0xff, 0x00]), { base64: '/wA=' }, '{"base64":"/wA="}'],
  ])('%s', (_what, result, value, text) => {
    expect(answerOf(ok(result))).toEqual({ ok: true, value, text });
  });

  it('an error says its code, what happened, and what mends it', () => {
    const error = new SkillError('E_INPUT', '"text" is missing', { hint: 'give it' });
    expect(answerOf({ ok: false, error, ...ended })).toEqual({
      ok: false,
      error: { code: 'E_INPUT', message: '"text" is missing', hint: 'give it' },
      text: 'E_INPUT: "text" is missing\nhint: give it',
    });
  });

  it('what a guest says of its failure cannot hide in it', () => {
    const { text } = refusal(new SkillError('E_GUEST', 'failed\u202e\u001b[2J'));
    expect(text).toBe('E_GUEST: failed\\u{202e}\\u{1b}[2J');
  });

  it('a denial tells the model that asking again is of no use', () => {
    const denied = new CapabilityDenied('denied by grant: network', {
      layer: 'grant',
      rule: 'network',
      hint: '--grant network=…',
    });
    expect(refusal(denied).text.split('\n')).toEqual([
      'E_DENIED: denied by grant: network',
      'hint: --grant network=…',
      'Only the person who runs this host can grant it; calling again changes nothing.',
    ]);
  });
});
