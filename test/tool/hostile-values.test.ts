import { expect, it } from 'vitest';
import type { SkillError } from '../../host/index.ts';
import type { JsonSchema } from '../../src/manifest/manifest.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { validateInput, validateOutput } from '../../src/tool/validate.ts';
import { wasmTool } from './support.ts';

const guest = {
  name: 't',
  input: 'json' as const,
  parameters: undefined,
  returns: undefined,
  entry: { abi: 'core' as const, interfaceName: '', name: 't' },
};

function tool(schema: JsonSchema): Tool {
  return wasmTool({ ...guest, parameters: schema, returns: schema });
}

function refusal(act: () => void): SkillError {
  try {
    act();
  } catch (error) {
    return error as SkillError;
  }
  return expect.fail('it was accepted');
}

const WORDS = Array.from({ length: 4_000 }, (_, i) => `word-${i}`);

// Both the schema and the value are a skill's: together they may not make the host's heap run over.
it.each<[what: string, schema: JsonSchema, value: unknown]>([
  ['a large enum, wrong everywhere', { type: 'array', items: { enum: WORDS } }, Array(20_000).fill('x')],
  [
    'many alternatives',
    { type: 'array', items: { anyOf: WORDS.map((word) => ({ const: word })) } },
    Array(2_000).fill('x'),
  ],
  [
    'many unknown keys',
    { type: 'object', additionalProperties: false },
    Object.fromEntries(WORDS.map((word) => [word, 1])),
  ],
  ['one long key', { type: 'object', additionalProperties: false }, { ['k'.repeat(100_000)]: 1 }],
  ['a key that is no text', { type: 'object' }, { '\ud800': 1 }],
  ['nothing at all', { type: 'object' }, undefined],
])('%s is refused in few words [R-RUN-3]', (_, schema, value) => {
  for (const [validate, code] of [
    [validateInput, 'E_INPUT'],
    [validateOutput, 'E_OUTPUT'],
  ] as const) {
    const error = refusal(() => validate(tool(schema), value));
    expect(error.code).toBe(code);
    expect(error.message.length).toBeLessThan(6_000);
    expect(JSON.stringify(error.details ?? {}).length).toBeLessThan(12_000);
  }
});

it.each<[schema: JsonSchema, value: unknown, message: string]>([
  [{ type: ['string', 'null'] }, 4, 'must be string or null, not number'],
  [{ const: 'a' }, 'b', 'must be "a"'],
  [{ enum: ['a', 'b'] }, 'c', 'must be one of ["a","b"]'],
  [{ type: 'object', required: ['größe'] }, {}, '"größe" is missing'],
  [
    { type: 'object', properties: { größe: { type: 'integer' } } },
    { größe: 'x' },
    'größe: must be integer, not string',
  ],
  [{ type: 'object', properties: {}, additionalProperties: false }, { x: 1 }, 'x: is not known'],
])('%j says of %j what a person would [R-RUN-3]', (schema, value, message) => {
  expect(refusal(() => validateInput(tool(schema), value)).message).toContain(message);
});
