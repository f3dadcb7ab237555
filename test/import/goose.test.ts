import * as fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { isTemplate, toPromptText } from '../../src/import/goose-template.ts';
import { fillPrompt, parsePromptTemplate } from '../../src/tool/prompt-template.ts';
import { type Brought, bringFile, place, refuse, told } from './bring.ts';

const recipe = (fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  version: '1.0.0',
  title: 'Trip planner',
  description: 'Plans a trip.',
  prompt: 'Plan it.',
  ...fields,
});
const bringRecipe = (fields: Readonly<Record<string, unknown>> = {}): Promise<Brought> =>
  bringFile('recipe.yaml', stringify(recipe(fields)));
const parameter = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  key: 'a',
  input_type: 'string',
  requirement: 'optional',
  description: 'A',
  ...fields,
});

describe('a Goose recipe', () => {
  it('becomes knowledge and a prompt with its parameters [R-MIGRATE-7]', async () => {
    const brought = await bringRecipe({
      instructions: 'You plan trips.\n',
      author: { contact: 'Ada Example' },
      prompt: 'Plan {{ days }} days in {{city}}.\n',
      parameters: [
        parameter({ key: 'city', input_type: 'select', requirement: 'required', options: ['Rome', 'Oslo'] }),
        parameter({ key: 'days', input_type: 'number', default: '3' }),
      ],
    });
    const { skill, read, imported } = brought;
    expect(skill).toMatchObject({ id: 'custom.trip-planner', name: 'Trip planner', version: '1.0.0' });
    expect(skill.manifest?.authors).toEqual(['Ada Example']);
    expect(read('knowledge/prompts/context.md')).toBe('You plan trips.\n');
    expect(skill.manifest?.tools).toMatchObject([
      {
        name: 'trip-planner',
        settings: { type: 'prompt_inline', prompt: 'Plan {days} days in {city}.\n' },
        parameters: {
          properties: {
            city: { type: 'string', enum: ['Rome', 'Oslo'], description: 'A' },
            days: { type: 'number', default: 3 },
          },
          required: ['city'],
          additionalProperties: false,
        },
      },
    ]);
    expect(imported.kind).toBe('goose-recipe');
    expect(told(brought)).toEqual(['id', 'LICENSE']);
  });

  it('is read as JSON as well', async () => {
    const { skill } = await bringFile('r.json', JSON.stringify(recipe()));
    expect(skill.tools.map(({ name }) => name)).toEqual(['trip-planner']);
  });

  it('with a shape for the answer becomes a conversation that is told everything [R-MIGRATE-7]', async () => {
    const json_schema = { type: 'object', properties: { plan: { type: 'string', pattern: 'x' } }, required: ['plan'] };
    const brought = await bringRecipe({
      instructions: 'You plan {trips}.',
      response: { json_schema },
      settings: { goose_model: 'm', goose_provider: 'p' },
    });
    expect(brought.skill.manifest?.tools[0]).toMatchObject({
      settings: { type: 'conversation', promptTemplate: 'You plan {{trips}}.\n\nPlan it.', model: 'm' },
      returns: { type: 'object', properties: { plan: { type: 'string' } }, required: ['plan'] },
    });
    expect(brought.imported.files).toContain('knowledge/prompts/context.md');
    expect(told(brought)).toEqual([
      'id',
      'response.json_schema.properties.plan.pattern',
      'settings.goose_provider',
      'LICENSE',
    ]);
  });

  it('puts instructions with places for values in front of the prompt [R-MIGRATE-7]', async () => {
    const brought = await bringRecipe({ instructions: 'In {{ a }}.', parameters: [parameter({})] });
    expect(brought.skill.manifest?.tools[0]?.settings).toMatchObject({ prompt: 'In {a}.\n\nPlan it.' });
    expect(brought.imported.files).not.toContain('knowledge/prompts/context.md');
    expect(told(brought)).toContain('instructions');
  });

  it('without a prompt is knowledge alone, and says what had a use with one', async () => {
    const brought = await bringRecipe({
      prompt: undefined,
      instructions: 'Do.',
      parameters: [parameter({})],
      response: { json_schema: {} },
    });
    expect(brought.skill.tools).toEqual([]);
    expect(told(brought)).toEqual(['id', 'parameters', 'response.json_schema', 'LICENSE']);
  });

  it.each<
    [name: string, fields: Record<string, unknown>, schema: unknown, isRequired: boolean, lost: readonly string[]]
  >([
    ['a text', {}, { type: 'string' }, false, []],
    ['what must be given', { requirement: 'required' }, { type: 'string' }, true, []],
    ['what is asked for', { requirement: 'user_prompt' }, { type: 'string' }, true, ['requirement']],
    [
      'what is asked for, with a default',
      { requirement: 'user_prompt', default: 'x' },
      { default: 'x' },
      false,
      ['requirement'],
    ],
    ['a number', { input_type: 'number', default: '1.5' }, { type: 'number', default: 1.5 }, false, []],
    ['no number', { input_type: 'number', default: 'many' }, { type: 'number' }, false, ['default']],
    ['yes or no', { input_type: 'boolean', default: 'true' }, { type: 'boolean', default: true }, false, []],
    ['neither', { input_type: 'boolean', default: 'maybe' }, { type: 'boolean' }, false, ['default']],
    ['a date', { input_type: 'date' }, { type: 'string' }, false, ['input_type']],
    ['a file', { input_type: 'file' }, { type: 'string' }, false, ['input_type']],
    ['a choice', { input_type: 'select', options: ['x'], default: 'x' }, { enum: ['x'], default: 'x' }, false, []],
    ['no choice of these', { input_type: 'select', options: ['x'], default: 'y' }, { enum: ['x'] }, false, ['default']],
    ['options of a text', { options: ['x'] }, { type: 'string' }, false, ['options']],
    ['a table as default', { default: { x: 1 } }, { type: 'string' }, false, ['default']],
    ['a field nobody knows', { odd: 1 }, { type: 'string' }, false, ['odd']],
  ])('has parameters: %s [R-MIGRATE-7]', async (_, fields, schema, isRequired, lost) => {
    const brought = await bringRecipe({ parameters: [parameter(fields)], prompt: '{{ a }}' });
    const parameters = brought.skill.manifest?.tools[0]?.parameters;
    expect(parameters?.['properties']).toMatchObject({ a: schema });
    expect(parameters?.['required']).toEqual(isRequired ? ['a'] : []);
    expect(told(brought).filter((field) => field.startsWith('parameters'))).toEqual(
      lost.map((field) => `parameters[0].${field}`),
    );
  });

  it('tells extensions, settings, checks, buttons and other recipes one by one [R-MIGRATE-2]', async () => {
    const brought = await bringRecipe({
      version: 'new',
      extensions: [
        { type: 'builtin', name: 'developer' },
        { type: 'stdio', cmd: 'npx' },
      ],
      settings: { temperature: 0.5, goose_model: 'm' },
      activities: ['Plan'],
      author: { metadata: 'x' },
      retry: {
        max_retries: 2,
        timeout_seconds: 1,
        checks: [{ type: 'shell', command: 'test -f x' }, 1],
        on_failure: 'rm x',
      },
      sub_recipes: [{ name: 'book', path: './book.yaml' }],
      context: ['x'],
      odd: true,
    });
    expect(told(brought)).toEqual([
      'id',
      'version',
      'author.metadata',
      'settings.temperature',
      'settings.goose_model',
      'extensions[0] ("developer")',
      'extensions[1]',
      'sub_recipes[0] ("book")',
      'retry.checks[0] ("test -f x")',
      'retry.checks[1]',
      'retry.on_failure',
      'retry.max_retries',
      'retry.timeout_seconds',
      'activities',
      'context',
      'odd',
      'LICENSE',
    ]);
    expect(brought.skill.version).toBe('0.1.0');
  });

  it.each<[title: string, id: string, tool: string]>([
    ['404 handler', 'custom.404-handler', 'run'],
    ['Ünïcode & more!', 'custom.unicode-more', 'unicode-more'],
    ['天気', 'custom.recipe', 'recipe'],
    ['../../etc', 'custom.etc', 'etc'],
    ['x'.repeat(90), `custom.${'x'.repeat(64)}`, 'x'.repeat(64)],
  ])('titled %s is %s', async (title, id, tool) => {
    const { skill } = await bringRecipe({ title });
    expect(skill.id).toBe(id);
    expect(skill.tools.map(({ name }) => name)).toEqual([tool]);
  });

  it.each<[name: string, fields: Record<string, unknown>, code: string, field: string]>([
    ['a title that hides', { title: 'a\u200b' }, 'M_INVISIBLE', 'title'],
    ['a title that is a list', { title: ['a'] }, 'M_TYPE', 'title'],
    ['instructions that are a number', { instructions: 1 }, 'M_TYPE', 'instructions'],
    ['parameters that are a table', { parameters: { a: 1 } }, 'M_TYPE', 'parameters'],
    ['a parameter that is a text', { parameters: ['a'] }, 'M_TYPE', 'parameters[0]'],
    ['a parameter without a key', { parameters: [{}] }, 'M_MISSING', 'parameters[0].key'],
    [
      'a key that reaches a prototype',
      { parameters: [parameter({ key: 'constructor' })] },
      'M_PARAMETERS',
      'parameters[0].key',
    ],
    ['a key that is a path', { parameters: [parameter({ key: '../a' })] }, 'M_PARAMETERS', 'parameters[0].key'],
    [
      'a type nobody knows',
      { parameters: [parameter({ input_type: 'blob' })] },
      'M_CHOICE',
      'parameters[0].input_type',
    ],
    [
      'a choice of nothing',
      { parameters: [parameter({ input_type: 'select', options: [] })] },
      'M_MISSING',
      'parameters[0].options',
    ],
    ['a schema that is none', { response: { json_schema: { type: 'text' } } }, 'M_CHOICE', 'response.json_schema.type'],
  ])('is refused for %s [R-MIGRATE-6]', async (_, fields, code, field) => {
    const { problems } = await refuse(join(place({ 'r.yaml': stringify(recipe(fields)) }), 'r.yaml'));
    expect(problems).toContainEqual(expect.objectContaining({ code, field, file: 'r.yaml', severity: 'error' }));
  });
});

describe('the text of a prompt', () => {
  it.each<[source: string, text: string, unread: readonly string[]]>([
    ['{{ a }} {{b}} {{- a -}}', '{a} {b} {a}', []],
    ['a {json: 1} b', 'a {{json: 1}} b', []],
    ['{{ c }}', '{{{{ c }}}}', ['{{ c }}']],
    ['{{ a | upper }}', '{{{{ a | upper }}}}', ['{{ a | upper }}']],
    ['{% if a %}x{# no #}', '{{% if a %}}x{{# no #}}', ['{% if a %}', '{# no #}']],
  ])('%s', (source, text, unread) => {
    const made = toPromptText(source, new Set(['a', 'b']));
    expect(made).toMatchObject({ text, unread });
    expect(Array.isArray(parsePromptTemplate(text))).toBe(true);
    expect(isTemplate(source)).toBe(/\{[{%#]/.test(source));
  });

  it('is always one that can be read, and says what it said [R-MIGRATE-7]', () => {
    const text = fc.string({ unit: fc.constantFrom('{', '}', '%', '#', 'a', ' ', '-', '\n') });
    fc.assert(
      fc.property(text, (source) => {
        const template = parsePromptTemplate(toPromptText(source, new Set(['a'])).text);
        if (!Array.isArray(template)) throw new Error(JSON.stringify(template));
        expect(fillPrompt(template, { a: 'VALUE' })).toBe(source.replaceAll(/\{\{-?\s*a\s*-?\}\}/g, 'VALUE'));
      }),
      { numRuns: 1_000 },
    );
  });
});
